// Planted: the suite `rooms` must find what is wrong here.
#include <fmt/format.h>
#include <rapidjson/document.h>

#include <fstream>
#include <string>

#include "json/rapid.hpp"
