public import WireProtocol

/// Names of libraries.
public enum LibraryName {
  /// The library that always exists and that is meant where none is named.
  public static let standard = "default"
}

extension FaceRequest where Body == StatusMessage {
  /// What the daemon is and does right now (GetStatus).
  ///
  /// Maturity: stable.
  public static var status: Self { Self("GetStatus") }
}

extension FaceRequest where Body == EmptyResult {
  /// Asks for nothing but an answer (Ping); allowed to everybody.
  ///
  /// Maturity: stable.
  public static var ping: Self { Self("Ping") }

  /// Drops a library (DropSearchLib).
  ///
  /// Maturity: stable.
  ///
  /// - Parameters:
  ///   - library: the library to drop.
  ///   - force: also if it has media, which are forgotten with their faces and names.
  /// - Returns: the request.
  public static func dropLibrary(_ library: String, force: Bool = false) -> Self {
    Self("DropSearchLib", ["SearchLibName": .string(library), "Force": .boolean(force)])
  }
}

extension FaceRequest where Body == LibraryResult {
  /// Creates a library (CreateSearchLib).
  ///
  /// Maturity: stable.
  public static func createLibrary(_ library: String, description: String? = nil) -> Self {
    var parameters: [String: JSONValue] = ["SearchLibName": .string(library)]
    if let description { parameters["Description"] = .string(description) }
    return Self("CreateSearchLib", parameters)
  }

  /// One library with its counts (QuerySearchLib).
  ///
  /// Maturity: stable.
  public static func library(_ library: String = LibraryName.standard) -> Self {
    Self("QuerySearchLib", ["SearchLibName": .string(library)])
  }
}

extension FaceRequest where Body == ListLibrariesResult {
  /// All libraries with their counts (ListSearchLibs).
  ///
  /// Maturity: stable.
  public static var libraries: Self { Self("ListSearchLibs") }
}
