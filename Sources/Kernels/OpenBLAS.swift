internal import COpenBLAS

/// The matrix library: how it was built, what it chose for this processor, and its thread count.
///
/// Together with `MatrixMultiply.swift` this is all that touches OpenBLAS.
public enum OpenBLAS {
  /// Makes every call run on the calling thread; the program brings its own threads.
  ///
  /// Set by this call and not by `OPENBLAS_NUM_THREADS`: in 0.3.21 the mere presence of that
  /// variable was seen to change which core the library believes it runs on.
  public static func useOneThread() {
    openblas_set_num_threads(1)
  }

  /// The processor that the library chose its code for, such as "SkylakeX" or "Haswell".
  public static var coreName: String {
    guard let name = unsafe openblas_get_corename() else { return "unknown" }
    return unsafe String(cString: name)
  }

  /// The library's version and build options.
  public static var configuration: String {
    guard let text = unsafe openblas_get_config() else { return "unknown" }
    return unsafe String(cString: text)
  }

  /// Whether the library chose code as wide as the processor allows.
  ///
  /// 0.3.21 has been seen to choose Haswell on an AVX-512 processor, at half the speed. A program
  /// that finds `false` may set `OPENBLAS_CORETYPE` to ``coreType(for:)`` and execute itself again:
  /// the choice is made before `main`.
  public static func isWellChosen(
    for level: ProcessorLevel, coreName: String = OpenBLAS.coreName
  ) -> Bool {
    switch level {
    case .baseline: true
    case .avx2: coresWithAVX2.union(coresWithAVX512).contains(coreName.lowercased())
    case .avx512: coresWithAVX512.contains(coreName.lowercased())
    }
  }

  /// The value of `OPENBLAS_CORETYPE` that suits a level; `nil` where any choice will do.
  public static func coreType(for level: ProcessorLevel) -> String? {
    switch level {
    case .baseline: nil
    case .avx2: "Haswell"
    case .avx512: "SkylakeX"
    }
  }

  private static let coresWithAVX2: Set<String> = ["haswell", "zen", "excavator"]
  private static let coresWithAVX512: Set<String> = ["skylakex", "cooperlake", "sapphirerapids"]
}
