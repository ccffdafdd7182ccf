public import WireProtocol

extension FaceRequest where Body == RecognitionLibResult {
  /// Makes a collection of enrolled people (CreateRecognitionLib).
  ///
  /// Maturity: new.
  public static func createRecognitionLib(name: String, description: String = "") -> Self {
    Self(
      "CreateRecognitionLib",
      ["LibName": .string(name), "LibDescription": .string(description)])
  }
}

extension FaceRequest where Body == ListRecognitionLibsResult {
  /// The collections of enrolled people, at most 50 (ListRecognitionLibs).
  ///
  /// Maturity: new.
  public static func recognitionLibs() -> Self { Self("ListRecognitionLibs", ["PageSize": 50]) }
}

extension FaceRequest where Body == EntityResult {
  /// Enrols a person, still without a picture (CreateRecognitionEntity).
  ///
  /// Maturity: new.
  ///
  /// - Parameters:
  ///   - lib: a LibId.
  ///   - name: at most 64 bytes.
  ///   - category: `celebrity`, `sensitive`, `politician`, `custom` or `unknown`.
  /// - Returns: the request.
  public static func createEntity(
    in lib: String, name: String, category: String? = nil
  ) -> Self {
    var parameters: [String: JSONValue] = ["LibId": .string(lib), "EntityName": .string(name)]
    if let category { parameters["Category"] = .string(category) }
    return Self("CreateRecognitionEntity", parameters)
  }
}

extension FaceRequest where Body == SampleResult {
  /// Adds a picture of an enrolled person (CreateRecognitionSample); its embedding alone is kept.
  ///
  /// Maturity: new.
  public static func createSample(of entity: String, image: ImageSource) -> Self {
    Self(
      "CreateRecognitionSample",
      ["EntityId": .string(entity), "ImageUrl": image.parameter], files: image.files)
  }
}

extension FaceRequest where Body == RecognizeFacesResult {
  /// Which enrolled people are in an image (RecognizeFaces).
  ///
  /// Maturity: new.
  ///
  /// - Parameters:
  ///   - image: to look at.
  ///   - library: says whom the faces are compared with.
  ///   - falseAcceptRate: how often a stranger may be taken for one enrolled person.
  /// - Returns: the request.
  public static func recognizeFaces(
    in image: ImageSource, library: String = LibraryName.standard, falseAcceptRate: Double? = nil
  ) -> Self {
    var parameters: [String: JSONValue] = [
      "SourceURI": image.parameter, "SearchLibName": .string(library),
    ]
    if let falseAcceptRate { parameters["FalseAcceptRate"] = .double(falseAcceptRate) }
    return Self("RecognizeFaces", parameters, files: image.files)
  }
}
