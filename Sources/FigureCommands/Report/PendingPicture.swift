internal import FaceClient
internal import WireProtocol

/// A face's picture that has been asked for; many can be under way at a time.
struct PendingPicture {
  private let answer: PendingAnswer<FigureImageResult>

  /// Asks for the picture of a FigureId.
  init(_ figureID: String, from client: FaceClient) throws(ClientError) {
    answer = try client.start(.figureImage(figureID))
  }

  /// The picture in base64; `nil` if none is kept, or the face has been removed meanwhile.
  func jpeg() throws(ClientError) -> String? {
    do {
      return try answer.wait().image
    } catch {
      guard error.code == .resourceNotFound else { throw error }
      return nil
    }
  }
}
