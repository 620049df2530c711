// Planted: the suite `rooms` must find what is wrong here.
#include "../api/token.hpp"
#include "api/token.hpp"
#include "cli/options.hpp"
#include "token.hpp"
