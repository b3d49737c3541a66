#include "core/base/child_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <cstdlib>
#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "core/base/files.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {
namespace {

constexpr size_t kMaxErrorLine = 200;
constexpr int kNotStarted = 127;
// How often a child is looked at that has closed its output and not ended yet.
constexpr absl::Duration kWaitStep = absl::Milliseconds(2);

class FileDescriptor {
 public:
  explicit FileDescriptor(int fd = -1) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~FileDescriptor() { Close(); }
  void Close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }
  int get() const { return fd_; }
  bool open() const { return fd_ >= 0; }

 private:
  int fd_;
};

absl::Status SystemError(std::string_view program, std::string_view call) {
  const int error = errno;
  return absl::UnavailableError(Cat(program, ": ", call, ": ", ::strerror(error)));
}

std::string SearchPath() {
  const char* path = ::getenv("PATH");
  return path != nullptr && *path != '\0' ? path : "/usr/local/bin:/usr/bin:/bin";
}

// Full path of the program; nullopt when there is none that may be run.
std::optional<std::string> FindProgram(const std::string& program, const std::string& search) {
  if (program.find('/') != std::string::npos) {
    if (::access(program.c_str(), X_OK) == 0) return program;
    return std::nullopt;
  }
  for (const std::string_view folder : Split(search, ':')) {
    if (folder.empty()) continue;
    std::string path = Cat(folder, "/", program);
    if (::access(path.c_str(), X_OK) == 0) return path;
  }
  return std::nullopt;
}

// `input` as a file without a name: a child that does not read it cannot block us, and one that
// wants to seek can.
absl::StatusOr<FileDescriptor> InputFile(const ChildCommand& command) {
  FileDescriptor file(::memfd_create("policykb-input", MFD_CLOEXEC));
  if (!file.open()) return SystemError(command.program, "memfd_create");
  for (std::string_view rest = command.input; !rest.empty();) {
    const ssize_t written = ::write(file.get(), rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return SystemError(command.program, "write of the input");
    rest.remove_prefix(static_cast<size_t>(written));
  }
  if (::lseek(file.get(), 0, SEEK_SET) != 0) return SystemError(command.program, "lseek");
  return file;
}

struct Pipe {
  FileDescriptor read;
  FileDescriptor write;
};

absl::StatusOr<Pipe> MakePipe(const std::string& program) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return SystemError(program, "pipe");
  return Pipe{FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

struct ResourceLimit {
  decltype(RLIMIT_AS) resource;
  uint64_t value;
};

// All that the child needs between fork and exec, made before: there it may not allocate, since
// another thread may have held the allocator's lock.
struct Launch {
  std::string path;
  std::vector<char*> arguments;
  std::vector<char*> environment;
  std::array<ResourceLimit, 6> limits;
  std::array<int, 3> files;  // standard input, output, error
};

// In the child. Calls async-signal-safe functions only.
[[noreturn]] void BecomeProgram(const Launch& launch) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  // Out of the way first: where a program runs without standard streams, ours may have their
  // numbers.
  std::array<int, 3> files{};
  for (size_t i = 0; i < 3; ++i) files[i] = ::fcntl(launch.files[i], F_DUPFD, 3);
  for (size_t i = 0; i < 3; ++i) {
    if (::dup2(files[i], static_cast<int>(i)) < 0) ::_exit(kNotStarted);
  }
  if (::close_range(3, ~0U, 0) != 0) {
    for (int fd = 3; fd < 4096; ++fd) ::close(fd);
  }
  for (const ResourceLimit& limit : launch.limits) {
    const rlimit value = {limit.value, limit.value};
    if (::setrlimit(limit.resource, &value) != 0) ::_exit(kNotStarted);
  }
  ::signal(SIGPIPE, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execve(launch.path.c_str(), launch.arguments.data(), launch.environment.data());
  ::_exit(kNotStarted);
}

// A started child; its group is killed and the child collected at the latest by the destructor.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    // The leader is not collected yet, so its number cannot be another process's.
    ::kill(-pid_, SIGKILL);
    ::kill(pid_, SIGKILL);
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
  }

  // How it ended, without collecting it; nullopt when it had not by `deadline`.
  std::optional<siginfo_t> AwaitEnd(absl::Time deadline) const {
    while (true) {
      siginfo_t info = {};
      if (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
          info.si_pid == pid_) {
        return info;
      }
      if (absl::Now() >= deadline) return std::nullopt;
      absl::SleepFor(kWaitStep);
    }
  }

 private:
  pid_t pid_;
};

// Appends what can be read now; closes at the end of the stream.
void ReadSome(FileDescriptor& from, std::string& to) {
  std::array<char, 65536> buffer;
  const ssize_t size = ::read(from.get(), buffer.data(), buffer.size());
  if (size > 0) {
    to.append(buffer.data(), static_cast<size_t>(size));
  } else if (size == 0 || (errno != EINTR && errno != EAGAIN)) {
    from.Close();
  }
}

std::string LastLine(std::string_view text) {
  text = StripAsciiSpace(text);
  const size_t end = text.rfind('\n');
  if (end != std::string_view::npos) text.remove_prefix(end + 1);
  return std::string(text.substr(0, kMaxErrorLine));
}

// Reads both streams until they end or a limit is reached.
absl::Status ReadStreams(const ChildCommand& command, FileDescriptor& output, FileDescriptor& error,
                         absl::Time deadline, ChildResult& result) {
  std::string errors;
  while (output.open() || error.open()) {
    const absl::Duration left = deadline - absl::Now();
    if (left <= absl::ZeroDuration()) {
      return absl::DeadlineExceededError(Cat(command.program, ": ran longer than ",
                                             absl::FormatDuration(command.limits.wall_clock)));
    }
    std::array<pollfd, 2> waiting = {pollfd{output.get(), POLLIN, 0},
                                     pollfd{error.get(), POLLIN, 0}};
    const auto wait_ms = std::min<int64_t>(absl::ToInt64Milliseconds(left) + 1, 60'000);
    if (::poll(waiting.data(), waiting.size(), static_cast<int>(wait_ms)) < 0 && errno != EINTR) {
      return SystemError(command.program, "poll");
    }
    if (output.open() && waiting[0].revents != 0) ReadSome(output, result.output);
    if (error.open() && waiting[1].revents != 0) ReadSome(error, errors);
    if (errors.size() > 65536) errors.erase(0, errors.size() - 4 * kMaxErrorLine);
    if (result.output.size() > command.limits.output_bytes) {
      return absl::ResourceExhaustedError(Cat(command.program, ": wrote more than ",
                                              command.limits.output_bytes, " bytes of output"));
    }
  }
  result.last_error = LastLine(errors);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ChildResult> RunChild(const ChildCommand& command) {
  const std::string search = SearchPath();
  const std::optional<std::string> path = FindProgram(command.program, search);
  if (!path) {
    return absl::FailedPreconditionError(Cat(
        command.program, ": not installed, needed is the Debian package ", command.debian_package));
  }
  ASSIGN_OR_RETURN(FileDescriptor input, InputFile(command));
  ASSIGN_OR_RETURN(Pipe output, MakePipe(command.program));
  ASSIGN_OR_RETURN(Pipe error, MakePipe(command.program));

  std::vector<std::string> words = {command.program};
  words.insert(words.end(), command.arguments.begin(), command.arguments.end());
  std::vector<std::string> variables = {Cat("PATH=", search), "LC_ALL=C.UTF-8"};
  const ChildLimits& limits = command.limits;
  Launch launch = {.path = *path,
                   .arguments = {},
                   .environment = {},
                   .limits = {{{RLIMIT_AS, limits.memory_bytes},
                               {RLIMIT_CPU, limits.cpu_seconds},
                               {RLIMIT_FSIZE, limits.file_bytes},
                               {RLIMIT_NOFILE, limits.open_files},
                               {RLIMIT_CORE, 0},
                               {RLIMIT_MEMLOCK, 0}}},
                   .files = {input.get(), output.write.get(), error.write.get()}};
  // Nobody may have more than what is left to this program itself.
  for (ResourceLimit& limit : launch.limits) {
    rlimit own{};
    if (::getrlimit(limit.resource, &own) != 0) return SystemError(command.program, "getrlimit");
    limit.value = std::min<uint64_t>(limit.value, own.rlim_max);
  }
  for (std::string& word : words) launch.arguments.push_back(word.data());
  launch.arguments.push_back(nullptr);
  for (std::string& variable : variables) launch.environment.push_back(variable.data());
  launch.environment.push_back(nullptr);

  const absl::Time deadline = absl::Now() + limits.wall_clock;
  const pid_t pid = ::fork();
  if (pid < 0) return SystemError(command.program, "fork");
  if (pid == 0) BecomeProgram(launch);
  const Child child(pid);
  input.Close();
  output.write.Close();
  error.write.Close();

  ChildResult result;
  RETURN_IF_ERROR(ReadStreams(command, output.read, error.read, deadline, result));
  const std::optional<siginfo_t> end = child.AwaitEnd(deadline);
  if (!end) {
    return absl::DeadlineExceededError(
        Cat(command.program, ": ran longer than ", absl::FormatDuration(limits.wall_clock)));
  }
  if (end->si_code != CLD_EXITED) {
    std::string message = Cat(command.program, ": ended by signal ", end->si_status, " (",
                              ::strsignal(end->si_status), ")");
    if (!result.last_error.empty()) message += Cat(": ", result.last_error);
    return absl::ResourceExhaustedError(message);
  }
  result.exit_code = end->si_status;
  if (result.exit_code == kNotStarted && result.output.empty() && result.last_error.empty()) {
    return absl::UnavailableError(Cat(command.program, ": could not be started"));
  }
  return result;
}

std::string BesideThisProgram(const std::string& name) {
  char self[PATH_MAX];
  const ssize_t size = ::readlink("/proc/self/exe", self, sizeof(self));
  if (size <= 0) return name;
  const std::string_view path(self, static_cast<size_t>(size));
  const std::string beside = JoinPath(path.substr(0, path.rfind('/')), name);
  return PathExists(beside) ? beside : name;
}

}  // namespace policykb
