#include "support/child.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "support/batches.hpp"

namespace csatdb::support {

Shell::Result run_in_child(Shell& shell, const std::vector<std::string>& words,
                           const std::function<bool()>& prepare) {
  constexpr int kNotPrepared = 99;
  const auto answer = shell.home / "answer";
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    if (!prepare()) _exit(kNotPrepared);
    const auto result = shell.run(words);
    std::ofstream(answer) << result.err;
    _exit(result.code);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, "", tests::file_text(answer.string())};
}

}  // namespace csatdb::support
