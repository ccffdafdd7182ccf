// swift-tools-version: 6.2
import PackageDescription

// Every shipped target: Swift 6 mode, each pointer use marked `unsafe`, imports internal unless said.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("ExistentialAny"),
]

// Number crunching is optimised in debug builds too: a debug loop is 40 to 460 times slower.
let numeric: [SwiftSetting] = strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]

#if arch(x86_64)
  /// The kernels are compiled from one source for each of these levels beside the baseline.
  let processorLevels = [("KernelsAVX2", "x86-64-v3"), ("KernelsAVX512", "x86-64-v4")]
  let integerLevels = ["KernelsInt16VNNI"]
#else
  let processorLevels: [(String, String)] = []
  let integerLevels: [String] = []
#endif

let test: [SwiftSetting] = [.swiftLanguageMode(.v6)]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}
func numericLibrary(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(
    name: name, dependencies: dependencies, swiftSettings: numeric,
    linkerSettings: [.linkedLibrary("m")])
}
func executable(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .executableTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}
func tests(
  _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []
) -> Target {
  .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: test)
}
func system(_ name: String, _ pkgConfig: String, _ package: String) -> Target {
  .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([package])])
}

/// Kernels for one processor level: the clang importer's `-march` decides Swift's code as well.
///
/// Optimised in debug builds too. No code may be shared with other levels, so nothing is inlined
/// into other modules.
func kernels(
  _ name: String, _ architecture: String?,
  _ dependencies: [Target.Dependency] = ["CProcessor", "KernelTypes"], extra: [String] = []
) -> Target {
  let flags = (architecture.map { ["-Xcc", "-march=\($0)"] } ?? []) + extra
  return .target(
    name: name, dependencies: dependencies,
    swiftSettings: numeric + (flags.isEmpty ? [] : [.unsafeFlags(flags)]))
}

/// Kernels for products of 16-bit integers, and the one module that names the compiler's builtins.
func vnniKernels(_ name: String) -> [Target] {
  let vnni = ["-Xcc", "-mavx512vnni"]
  return [
    kernels("VNNI", "x86-64-v4", [], extra: vnni + ["-parse-stdlib"]),
    kernels(name, "x86-64-v4", ["CProcessor", "KernelTypes", "VNNI"], extra: vnni),
  ]
}

let package = Package(
  name: "figured",
  products: [
    .executable(name: "figured", targets: ["figured"]),
    .executable(name: "figurectl", targets: ["figurectl"]),
    .executable(name: "figurebench", targets: ["figurebench"]),
    .library(name: "FaceClient", targets: ["FaceClient"]),
  ],
  targets: [
    system("COpenBLAS", "openblas", "libopenblas-dev"),
    system("CJPEG", "libjpeg", "libjpeg-dev"),
    system("CPNG", "libpng", "libpng-dev"),
    system("CWebP", "libwebp", "libwebp-dev"),
    system("CHEIF", "libheif", "libheif-dev"),
    system("CEXIF", "libexif", "libexif-dev"),
    system("CSQLite", "sqlite3", "libsqlite3-dev"),
    system("CCrypto", "libcrypto", "libssl-dev"),
    system("CSystemd", "libsystemd", "libsystemd-dev"),
    .systemLibrary(name: "CLinux"),

    numericLibrary("FaceTypes"),
    .systemLibrary(name: "CProcessor"),
    numericLibrary("KernelTypes"),
    kernels("KernelsBaseline", nil),
    kernels("KernelsInt16", nil),
    numericLibrary(
      "Kernels",
      ["COpenBLAS", "CProcessor", "KernelTypes", "KernelsBaseline", "KernelsInt16"]
        + (processorLevels.map(\.0) + integerLevels).map { .byName(name: $0) }),
    numericLibrary("Imaging", ["FaceTypes", "CJPEG", "CPNG", "CWebP", "CHEIF", "CEXIF"]),
    numericLibrary("Inference", ["Kernels", "KernelTypes"]),
    numericLibrary(
      "FaceAnalysis", ["FaceTypes", "Imaging", "Inference", "Kernels", "ContentHash"]),
    numericLibrary("VectorIndex", ["CLinux", "FaceTypes", "Kernels", "KernelTypes"]),
    numericLibrary("Clustering", ["FaceTypes", "VectorIndex"]),
    numericLibrary("Evaluation", ["FaceTypes"]),
    library("MatchLanguage", ["Spelling"]),
    library("QueryText"),
    library("FaceStore", ["CSQLite", "FaceTypes", "MatchLanguage"]),
    library("VideoDecoding", ["CLinux", "Imaging"]),
    library("FaceTracking", ["FaceTypes"]),
    library("ContentHash", ["CCrypto"]),
    library("Threading"),
    library("WireProtocol", ["FaceTypes"]),
    library("UnixSocket", ["CLinux"]),
    library("FaceClient", ["UnixSocket", "WireProtocol"]),
    library("Spelling"),
    library("Configuration", ["Spelling"]),
    library("EventLog"),
    library("Systemd", ["CSystemd"]),
    library("CommandLineParsing", ["Spelling"]),
    library(
      "FigureCommands",
      ["FaceTypes", "FaceClient", "WireProtocol", "CommandLineParsing", "Evaluation"]),
    library(
      "FaceService",
      [
        "FaceTypes", "Imaging", "FaceAnalysis", "VectorIndex", "Clustering", "FaceStore",
        "ContentHash", "Threading", "Spelling", "WireProtocol", "UnixSocket", "Configuration",
        "EventLog", "Systemd", "Kernels", "Inference", "VideoDecoding", "FaceTracking",
        "MatchLanguage", "QueryText", "CLinux",
      ]),

    executable(
      "figured",
      ["FaceService", "Configuration", "EventLog", "UnixSocket", "Kernels", "CommandLineParsing"]),
    executable("figurectl", ["FigureCommands"]),
    executable(
      "figurebench",
      [
        "FaceTypes", "Imaging", "Inference", "Kernels", "FaceAnalysis", "VectorIndex",
        "Clustering", "Evaluation", "FaceStore", "FaceClient", "WireProtocol", "CommandLineParsing",
        "Threading",
      ]),

    tests("FaceTypesTests", ["FaceTypes"]),
    tests("KernelsTests", ["Kernels", "KernelTypes"]),
    tests("ImagingTests", ["Imaging", "FaceTypes"], exclude: ["Fixtures"]),
    tests("InferenceTests", ["Inference", "Kernels", "KernelTypes"], exclude: ["Golden"]),
    tests(
      "FaceAnalysisTests", ["FaceAnalysis", "FaceTypes", "Imaging", "Inference", "Kernels"],
      exclude: ["Golden"]),
    tests("VideoDecodingTests", ["VideoDecoding", "Imaging"]),
    tests("FaceTrackingTests", ["FaceTracking", "FaceTypes"]),
    tests("VectorIndexTests", ["VectorIndex", "FaceTypes"]),
    tests("ClusteringTests", ["Clustering", "VectorIndex", "FaceTypes", "Evaluation"]),
    tests("EvaluationTests", ["Evaluation", "FaceTypes"]),
    tests("MatchLanguageTests", ["MatchLanguage"]),
    tests("QueryTextTests", ["QueryText"]),
    tests("FaceStoreTests", ["FaceStore", "FaceTypes", "MatchLanguage"]),
    tests("ContentHashTests", ["ContentHash"]),
    tests("ThreadingTests", ["Threading"]),
    tests("WireProtocolTests", ["WireProtocol"]),
    tests("UnixSocketTests", ["UnixSocket"]),
    tests("SpellingTests", ["Spelling"]),
    tests("ConfigurationTests", ["Configuration"]),
    tests("EventLogTests", ["EventLog"]),
    tests("SystemdTests", ["Systemd"]),
    tests("CommandLineParsingTests", ["CommandLineParsing"]),
    tests(
      "DaemonTests",
      [
        "FaceClient", "WireProtocol", "UnixSocket", "ContentHash", "Threading", "CSQLite",
        "FaceStore", "FaceTypes",
      ]),
    tests("CommandTests", ["FigureCommands", "FaceClient", "WireProtocol", "UnixSocket"]),
    tests("BenchmarkTests"),
    tests("ArchitectureTests"),
  ] + processorLevels.map { kernels($0.0, $0.1) } + integerLevels.flatMap(vnniKernels)
)
