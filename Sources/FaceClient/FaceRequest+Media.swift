public import WireProtocol

extension FaceRequest where Body == TaskResult {
  /// Imports files and whole folders that the daemon can read (ImportMedia).
  ///
  /// Maturity: stable.
  ///
  /// - Parameters:
  ///   - paths: at most 1000 absolute paths.
  ///   - library: where the media go.
  ///   - wait: answers at the end of the task, with progress until then, instead of at once;
  ///     cancelling the request then cancels the task. What has been stored stays stored.
  /// - Returns: the request.
  public static func importMedia(
    paths: [String], library: String = LibraryName.standard, wait: Bool = false
  ) -> Self {
    Self(
      "ImportMedia",
      [
        "Paths": .array(paths.map { .string($0) }), "SearchLibName": .string(library),
        "Wait": .boolean(wait),
      ], timeout: wait ? nil : standardTimeout)
  }
}

extension FaceRequest where Body == InsertMediaResult {
  /// Stores one image or video with its faces (InsertMediaToSearchLib); answered once it is durable.
  ///
  /// A video takes as long as it takes, so there is no time limit. Cancelling ends its analysis.
  ///
  /// Maturity: stable.
  ///
  /// - Parameters:
  ///   - image: a file that travels with the request, a path, or bytes.
  ///   - name: what the medium is called from now on (InputURL), such as its absolute path; the
  ///     path itself if `nil`.
  ///   - library: where the medium goes.
  ///   - fileModifiedTime: ISO 8601; that of the file if `nil`.
  /// - Returns: the request.
  public static func insertMedia(
    _ image: ImageSource, name: String? = nil, library: String = LibraryName.standard,
    fileModifiedTime: String? = nil
  ) -> Self {
    var parameters: [String: JSONValue] = [
      "Input": image.parameter, "SearchLibName": .string(library),
    ]
    if let name { parameters["InputURL"] = .string(name) }
    if let fileModifiedTime { parameters["FileModifiedTime"] = .string(fileModifiedTime) }
    return Self("InsertMediaToSearchLib", parameters, files: image.files, timeout: nil)
  }
}

extension FaceRequest where Body == ListMediaResult {
  /// One page of a library's media (ListMediaBasicInfos).
  ///
  /// Maturity: stable.
  ///
  /// - Parameters:
  ///   - library: whose media.
  ///   - cluster: only media that show this person.
  ///   - withFigures: with the faces of each medium.
  ///   - pageSize: 1…100.
  ///   - nextToken: from the page before.
  /// - Returns: the request.
  public static func media(
    library: String = LibraryName.standard, cluster: String? = nil, withFigures: Bool = false,
    pageSize: Int = 100, nextToken: String? = nil
  ) -> Self {
    var parameters: [String: JSONValue] = [
      "SearchLibName": .string(library), "WithFigures": .boolean(withFigures),
      "MaxResults": .integer(Int64(pageSize)),
    ]
    if let cluster { parameters["FigureClusterId"] = .string(cluster) }
    if let nextToken { parameters["NextToken"] = .string(nextToken) }
    return Self("ListMediaBasicInfos", parameters)
  }
}

extension FaceRequest where Body == MediaResult {
  /// One medium with its faces (GetMediaInfo).
  ///
  /// Maturity: stable.
  public static func medium(_ mediaID: String) -> Self {
    Self("GetMediaInfo", ["MediaId": .string(mediaID)])
  }

  /// The medium of a path or name, with its faces (GetMediaInfo).
  ///
  /// Maturity: stable.
  public static func medium(
    inputURL: String, library: String = LibraryName.standard
  ) -> Self {
    Self("GetMediaInfo", ["InputURL": .string(inputURL), "SearchLibName": .string(library)])
  }
}

extension FaceRequest where Body == DeleteMediaResult {
  /// Forgets media and their faces (DeleteMediaFromSearchLib); files are not touched.
  ///
  /// Maturity: stable.
  ///
  /// - Parameter mediaIDs: at most 100. Those that are gone already are no error.
  /// - Returns: the request.
  public static func deleteMedia(_ mediaIDs: [String]) -> Self {
    Self("DeleteMediaFromSearchLib", ["MediaIds": .array(mediaIDs.map { .string($0) })])
  }
}
