// Planted: the suite `rooms` must find what is wrong here.
#include "json/rapid.hpp"
#include "json/reader.hpp"
#include "json/writer.hpp"
