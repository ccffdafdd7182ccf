import Glibc
import Kernels

/// Sees to it that OpenBLAS uses its best kernels.
///
/// OpenBLAS chooses them when the library is loaded, before `main`, and 0.3.21 mistakes some new
/// processors for old ones, which halves its speed (`Benchmarks/README.md`). Its own environment
/// variable settles that, so the program starts itself once more with it.
enum OpenBLASCore {
  private static let variable = "OPENBLAS_CORETYPE"

  static func chooseWell() {
    let level = ProcessorLevel.best
    guard !OpenBLAS.isWellChosen(for: level), let core = OpenBLAS.coreType(for: level),
      unsafe getenv(variable) == nil
    else { return }
    _ = unsafe setenv(variable, core, 1)
    // Only returns if it fails; then it goes on slower, and GetStatus says so.
    _ = unsafe execv("/proc/self/exe", CommandLine.unsafeArgv)
  }
}
