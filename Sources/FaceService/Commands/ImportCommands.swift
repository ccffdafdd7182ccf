internal import FaceStore
internal import FaceTypes
internal import WireProtocol

let importCommands = [
  Command(
    waiting: "ImportMedia", .curator,
    libraryParameters + [
      "Paths", "Namespace", "MediaTags", "UserData", "CustomFields", "AiData", "VisionDescription",
      "Wait",
    ]
  ) { service, parameters, context in
    let expected = "a list of 1 to 1000 absolute paths"
    guard let values = try parameters.array("Paths", limit: 1000), !values.isEmpty else {
      throw parameters.missing("Paths", expected)
    }
    let paths = values.compactMap(\.stringValue)
    guard paths.count == values.count,
      paths.allSatisfy({ $0.hasPrefix("/") && !$0.utf8.contains(0) && $0.utf8.count < 4096 })
    else { throw parameters.invalid("Paths", expected) }
    for path in paths { try service.images.checkAllowed(path) }
    var details = parameters.all
    for name in libraryParameters + ["Paths", "Wait", "UserData"] { details[name] = nil }
    _ = try parameters.mediaDetails()
    let request = try ImportParameters(paths: paths, details: .object(details))
    let library = try service.store.read { try $0.library(of: parameters) }
    return try service.begin(
      .mediaImport, in: library, json: try request.json, parameters, context)
  }
]
