// Planted: the suite `rooms` must find what is wrong here.
#include <curl/curl.h>
#include <sys/socket.h>

#  include "http/message.hpp"
#include "http/transport.hpp"
#include "warehouse/warehouse.hpp"
