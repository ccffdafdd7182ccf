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
func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: test)
}
func system(_ name: String, _ pkgConfig: String, _ package: String) -> Target {
  .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([package])])
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
    numericLibrary("Kernels", ["COpenBLAS"]),
    numericLibrary("Imaging", ["FaceTypes", "CJPEG", "CPNG", "CWebP", "CHEIF", "CEXIF"]),
    numericLibrary("Inference", ["Kernels"]),
    numericLibrary("FaceAnalysis", ["FaceTypes", "Imaging", "Inference", "ContentHash"]),
    numericLibrary("VectorIndex", ["FaceTypes", "Kernels"]),
    numericLibrary("Clustering", ["FaceTypes", "VectorIndex"]),
    numericLibrary("Evaluation", ["FaceTypes"]),
    library("FaceStore", ["CSQLite", "FaceTypes"]),
    library("ContentHash", ["CCrypto"]),
    library("WireProtocol", ["FaceTypes"]),
    library("UnixSocket", ["CLinux"]),
    library("FaceClient", ["UnixSocket", "WireProtocol"]),
    library("Spelling"),
    library("Configuration", ["Spelling"]),
    library("EventLog"),
    library("Systemd", ["CSystemd"]),
    library("CommandLineParsing", ["Spelling"]),
    library(
      "FaceService",
      [
        "FaceTypes", "Imaging", "FaceAnalysis", "VectorIndex", "Clustering", "FaceStore",
        "ContentHash", "WireProtocol", "UnixSocket", "Configuration", "EventLog",
        "Systemd",
      ]),

    executable(
      "figured",
      ["FaceService", "Configuration", "EventLog", "Systemd", "CommandLineParsing"]),
    executable("figurectl", ["FaceClient", "WireProtocol", "CommandLineParsing"]),
    executable(
      "figurebench",
      [
        "FaceTypes", "Imaging", "Inference", "FaceAnalysis", "VectorIndex", "Clustering",
        "Evaluation", "FaceService", "FaceStore", "FaceClient", "CommandLineParsing",
      ]),

    tests("FaceTypesTests", ["FaceTypes"]),
    tests("KernelsTests", ["Kernels"]),
    tests("ImagingTests", ["Imaging"]),
    tests("InferenceTests", ["Inference", "Kernels"]),
    tests("FaceAnalysisTests", ["FaceAnalysis", "FaceTypes", "Imaging", "Inference"]),
    tests("VectorIndexTests", ["VectorIndex", "FaceTypes"]),
    tests("ClusteringTests", ["Clustering", "VectorIndex", "FaceTypes", "Evaluation"]),
    tests("EvaluationTests", ["Evaluation", "FaceTypes"]),
    tests("FaceStoreTests", ["FaceStore", "FaceTypes"]),
    tests("ContentHashTests", ["ContentHash"]),
    tests("WireProtocolTests", ["WireProtocol"]),
    tests("UnixSocketTests", ["UnixSocket"]),
    tests("SpellingTests", ["Spelling"]),
    tests("ConfigurationTests", ["Configuration"]),
    tests("EventLogTests", ["EventLog"]),
    tests("SystemdTests", ["Systemd"]),
    tests("CommandLineParsingTests", ["CommandLineParsing"]),
    tests("FaceServiceTests", ["FaceService", "FaceTypes"]),
    tests("DaemonTests", ["FaceClient", "WireProtocol", "UnixSocket"]),
    tests("CommandTests", ["FaceClient", "WireProtocol"]),
    tests("ArchitectureTests"),
  ]
)
