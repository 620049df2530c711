#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace csatdb::bench {

/// What a run cost. Seconds; bytes.
struct Cost {
  double wall = 0, cpu = 0;
  std::int64_t peak_memory = 0;
  std::int64_t written = 0;  ///< to the disk, as the kernel counts blocks
};

/// Runs a program to its end and throws if it fails. Its output goes to `output_file`. While it
/// runs, `look` is called fifty times a second with the seconds passed.
Cost run(const std::vector<std::string>& words, const std::string& output_file,
         const std::function<void(double)>& look = nullptr);

/// Measures from construction on, in this process: wall and CPU alone.
class Watch {
 public:
  Watch();
  Cost so_far() const;

 private:
  double wall_, cpu_;
};

}  // namespace csatdb::bench
