// Planted: the suite `rooms` must find what is wrong here.
#include <string>
