import Glibc
import Kernels

/// Sees to it that OpenBLAS uses its best kernels and starts no threads of its own.
///
/// OpenBLAS decides both when it is loaded, before `main`. Its 0.3.21 mistakes some new processors
/// for old ones, which halves its speed (`Benchmarks/README.md`); and threads that exist before
/// `main` do not have our signals blocked, so that SIGTERM would end the process in one of them.
/// Its environment variables settle both, so the program starts itself once more with them.
enum OpenBLASCore {
  private static let threads = "OPENBLAS_NUM_THREADS"
  private static let core = "OPENBLAS_CORETYPE"

  static func chooseWell() {
    let level = ProcessorLevel.best
    let hasThreads = unsafe getenv(threads) != nil
    let isWellChosen = unsafe OpenBLAS.isWellChosen(for: level) || getenv(core) != nil
    guard !hasThreads || !isWellChosen else { return }
    _ = unsafe setenv(threads, "1", 1)
    // The mere presence of the first variable can change what it takes the processor for.
    if let name = OpenBLAS.coreType(for: level) { _ = unsafe setenv(core, name, 0) }
    // By its path, so that the process keeps its name. Only returns if it fails; then it goes on as
    // it is, and GetStatus says so.
    var path = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    guard unsafe readlink("/proc/self/exe", &path, Int(PATH_MAX)) > 0 else { return }
    _ = unsafe execv(path, CommandLine.unsafeArgv)
  }
}
