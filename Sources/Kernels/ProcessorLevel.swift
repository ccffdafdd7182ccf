internal import CProcessor
internal import Glibc

/// A set of instructions that the kernels have been compiled for.
public enum ProcessorLevel: String, Sendable, CaseIterable, Comparable {
  /// Whatever the architecture promises: SSE2 on x86-64, NEON on ARM.
  case baseline
  /// AVX2 and fused multiply-add (x86-64-v3).
  case avx2
  /// AVX-512 F, BW, CD, DQ and VL (x86-64-v4).
  case avx512

  /// The environment variable that lowers ``best``, for tests and for comparisons.
  public static let environmentVariable = "FIGURED_PROCESSOR_LEVEL"

  /// The highest level that this processor and this kernel support.
  ///
  /// Asked of the processor itself, since a service may not see /proc/cpuinfo.
  public static let supported: ProcessorLevel =
    switch figured_processor_level() {
    case 4: .avx512
    case 3: .avx2
    default: .baseline
    }

  /// The level to use: ``supported``, or the lower one that the environment asks for.
  ///
  /// A level that the processor lacks, and a word that names no level, are ignored.
  public static let best: ProcessorLevel = {
    guard let text = unsafe getenv(environmentVariable),
      let wanted = unsafe ProcessorLevel(rawValue: String(cString: text))
    else { return supported }
    return min(wanted, supported)
  }()

  /// Every level that this processor can run, from the lowest up.
  public static var available: [ProcessorLevel] { allCases.filter { $0 <= supported } }

  private var rank: Int {
    switch self {
    case .baseline: 0
    case .avx2: 1
    case .avx512: 2
    }
  }

  public static func < (lower: ProcessorLevel, higher: ProcessorLevel) -> Bool {
    lower.rank < higher.rank
  }
}
