public import WireProtocol

extension FaceRequest where Body == DetectImageFacesResult {
  /// The faces of an image, which is not stored (DetectImageFaces).
  ///
  /// Maturity: stable.
  ///
  /// - Parameters:
  ///   - image: read by the daemon.
  ///   - withEmbeddings: whether each face comes with its embedding.
  ///   - withAttributes: whether each face comes with what it looks like; `nil` leaves that to the
  ///     daemon's configuration.
  /// - Returns: the request.
  public static func detectFaces(
    in image: ImageSource, withEmbeddings: Bool = false, withAttributes: Bool? = nil
  ) -> Self {
    var parameters: [String: JSONValue] = [
      "SourceURI": image.parameter, "WithEmbeddings": .boolean(withEmbeddings),
    ]
    parameters["WithAttributes"] = withAttributes.map { .boolean($0) }
    return Self("DetectImageFaces", parameters, files: image.files)
  }
}

extension FaceRequest where Body == CompareImageFacesResult {
  /// Whether two images show one person, by the largest face of each (CompareImageFaces).
  ///
  /// Maturity: stable.
  public static func compareFaces(_ first: OpenFile, _ second: OpenFile) -> Self {
    Self(
      "CompareImageFaces", ["Source": ["URI1": ["Fd": 0], "URI2": ["Fd": 1]]],
      files: [first, second])
  }
}

extension FaceRequest where Body == SearchImageFigureClusterResult {
  /// Who the faces of an image are (SearchImageFigureCluster).
  ///
  /// Maturity: stable.
  public static func searchImageFigureCluster(
    _ image: ImageSource, library: String = LibraryName.standard
  ) -> Self {
    Self(
      "SearchImageFigureCluster",
      ["SourceURI": image.parameter, "SearchLibName": .string(library)], files: image.files)
  }
}

extension FaceRequest where Body == SearchMediaByFaceResult {
  /// The media that show the person of an image, best first (SearchMediaByFace).
  ///
  /// Maturity: stable.
  ///
  /// - Parameters:
  ///   - image: of its faces, the largest is searched for unless `figureIndex` names another.
  ///   - figureIndex: which face, counted from 0 in the order of ``detectFaces(in:withEmbeddings:)``.
  ///   - library: where to search.
  ///   - page: from 1.
  ///   - pageSize: 1…50.
  /// - Returns: the request.
  public static func searchMediaByFace(
    _ image: ImageSource, figureIndex: Int? = nil, library: String = LibraryName.standard,
    page: Int = 1, pageSize: Int = 10
  ) -> Self {
    var parameters: [String: JSONValue] = [
      "PersonImageUrl": image.parameter, "SearchLibName": .string(library),
      "PageNo": .integer(Int64(page)), "PageSize": .integer(Int64(pageSize)),
    ]
    if let figureIndex { parameters["FigureIndex"] = .integer(Int64(figureIndex)) }
    return Self("SearchMediaByFace", parameters, files: image.files)
  }
}

/// Which figures a list is of.
public enum FigureScope: Sendable {
  case library(String)
  /// Those of a library that are in no cluster yet.
  case waiting(String)
  /// A MediaId.
  case medium(String)
  /// An ObjectId of a FigureCluster.
  case cluster(String)
  /// Up to 1000 FigureIds; those that do not exist are left out.
  case figures([String])

  var parameters: [String: JSONValue] {
    switch self {
    case .library(let name): ["SearchLibName": .string(name)]
    case .waiting(let name): ["SearchLibName": .string(name), "Waiting": true]
    case .medium(let identifier): ["MediaId": .string(identifier)]
    case .cluster(let identifier): ["FigureClusterId": .string(identifier)]
    case .figures(let identifiers): ["FigureIds": .strings(identifiers)]
    }
  }
}

extension FaceRequest where Body == ListFiguresResult {
  /// One page of stored faces (ListFigures).
  ///
  /// Maturity: stable.
  ///
  /// - Parameters:
  ///   - scope: whose figures.
  ///   - withEmbeddings: with each face's embedding, which makes pages large.
  ///   - pageSize: 1…500.
  ///   - nextToken: from the page before.
  /// - Returns: the request.
  public static func figures(
    of scope: FigureScope, withEmbeddings: Bool = false, pageSize: Int = 100,
    nextToken: String? = nil
  ) -> Self {
    var parameters = scope.parameters
    parameters["WithEmbeddings"] = .boolean(withEmbeddings)
    parameters["MaxResults"] = .integer(Int64(pageSize))
    if let nextToken { parameters["NextToken"] = .string(nextToken) }
    return Self("ListFigures", parameters)
  }
}

extension FaceRequest where Body == FigureImageResult {
  /// The stored crop of a face as a JPEG (GetFigureImage).
  ///
  /// Maturity: stable.
  public static func figureImage(_ figureID: String) -> Self {
    Self("GetFigureImage", ["FigureId": .string(figureID)])
  }
}
