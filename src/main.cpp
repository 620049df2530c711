#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <system_error>
#include <vector>

#include "base/stop.hpp"
#include "base/time.hpp"
#include "cli/run.hpp"
#include "http/curl_transport.hpp"

extern char** environ;

/// Hands the real world to the command line.
int main(int count, char** words) {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const auto equals = text.find('=');
    if (equals != std::string::npos) variables[text.substr(0, equals)] = text.substr(equals + 1);
  }
  std::error_code gone;
  const csatdb::base::SystemClock clock;
  const auto transport = [](int connections) {
    return std::make_unique<csatdb::http::CurlTransport>(
        csatdb::http::CurlLimits{.connections = connections});
  };
  csatdb::cli::Process process{
      variables, std::filesystem::current_path(gone), std::cin, std::cout, std::cerr, clock,
      transport, csatdb::cli::terminal(variables)};
  csatdb::base::stop::install();
  return csatdb::cli::run(std::vector<std::string>(words + 1, words + count), process);
}
