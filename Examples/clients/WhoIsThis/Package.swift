// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "WhoIsThis",
  dependencies: [
    // Outside of this repository: .package(url: "https://…/figured", branch: "main")
    .package(name: "figured", path: "../../..")
  ],
  targets: [
    .executableTarget(
      name: "WhoIsThis", dependencies: [.product(name: "FaceClient", package: "figured")])
  ]
)
