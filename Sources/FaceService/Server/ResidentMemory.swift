internal import CLinux
internal import Glibc

/// How much of the machine's memory the process holds.
struct ResidentMemory {
  /// Bytes now; zero if the system does not say.
  let current: Int
  /// The most there ever were, in bytes.
  let peak: Int

  /// Asks the kernel.
  init() {
    // The second number counts resident pages (proc(5)).
    let file = try? OpenFile(path: "/proc/self/statm", followLink: false)
    let pages = file?.firstLine()?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    current = (pages ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
    var usage = rusage()
    unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    // The kernel brings its own maximum up to date now and then only.
    peak = max(usage.ru_maxrss * 1024, current)
  }

  /// Gives back to the system what was freed, which the allocator would keep for later.
  static func giveBackFreed() { _ = malloc_trim(0) }
}
