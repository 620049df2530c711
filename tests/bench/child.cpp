#include "bench/child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <stdexcept>

namespace csatdb::bench {
namespace {

constexpr std::int64_t kBlock = 512;   // what ru_oublock counts in (getrusage(2), Linux)
constexpr useconds_t kWaitUs = 1'000;  // short beside what is measured
constexpr double kLookEvery = 0.02;    // seconds: looking into the file takes time of its own

double seconds(const timeval& t) {
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
}

double wall_now() {
  const auto t = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(t).count();
}

double cpu_now() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

/// The largest memory of a running process so far. What wait4 tells of it counts this process too,
/// as it was when it forked.
std::int64_t peak_of(pid_t process) {
  std::ifstream status(fmt::format("/proc/{}/status", process));
  for (std::string word; status >> word;) {
    std::int64_t kilobytes = 0;
    if (word == "VmHWM:" && status >> kilobytes) return kilobytes * 1024;
  }
  return 0;
}

}  // namespace

Cost run(const std::vector<std::string>& words, const std::string& output_file,
         const std::function<void(double)>& look) {
  std::vector<char*> arguments;
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const double begun = wall_now();
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("no process could be started");
  if (child == 0) {
    const int out = open(output_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    execvp(arguments[0], arguments.data());
    _exit(127);
  }
  int status = 0;
  rusage used{};
  pid_t ended = 0;
  std::int64_t peak = 0;
  double looked = 0;
  while ((ended = wait4(child, &status, WNOHANG, &used)) == 0) {
    usleep(kWaitUs);  // first, so that the program has taken this one's place
    const double now = wall_now() - begun;
    if (now - looked < kLookEvery) continue;
    looked = now;
    peak = std::max(peak, peak_of(child));
    if (look) look(now);
  }
  if (ended != child) throw std::runtime_error("the process is lost");
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw std::runtime_error(fmt::format("{} {} failed: see {}", words[0],
                                         words.size() > 1 ? words[1] : "", output_file));
  return {wall_now() - begun, seconds(used.ru_utime) + seconds(used.ru_stime), peak,
          used.ru_oublock * kBlock};
}

Watch::Watch() : wall_(wall_now()), cpu_(cpu_now()) {}
Cost Watch::so_far() const { return {wall_now() - wall_, cpu_now() - cpu_, 0, 0}; }

}  // namespace csatdb::bench
