public import WireProtocol

extension FaceRequest where Body == SearchMediaClipByFaceResult {
  /// When the person of a search is seen in a video (SearchMediaClipByFace).
  ///
  /// Maturity: new.
  ///
  /// - Parameters:
  ///   - mediaID: the video.
  ///   - faceSearchToken: of the answer to the search.
  ///   - library: where was searched.
  ///   - page: from 1.
  ///   - pageSize: 1…50.
  /// - Returns: the request.
  public static func searchMediaClips(
    mediaID: String, faceSearchToken: String, library: String = LibraryName.standard,
    page: Int = 1, pageSize: Int = 10
  ) -> Self {
    Self(
      "SearchMediaClipByFace",
      [
        "MediaId": .string(mediaID), "FaceSearchToken": .string(faceSearchToken),
        "SearchLibName": .string(library), "PageNo": .integer(Int64(page)),
        "PageSize": .integer(Int64(pageSize)),
      ])
  }
}

extension FaceRequest where Body == InsertMediaResult {
  /// Stores a video that is given frame by frame (InsertMediaToSearchLib); the daemon needs no
  /// ffmpeg for it.
  ///
  /// Maturity: new.
  ///
  /// - Parameters:
  ///   - frames: seconds after the beginning, ascending, and an image file that the daemon can read.
  ///   - name: what the medium is called (InputURL).
  ///   - library: where it goes.
  /// - Returns: the request.
  public static func insertVideo(
    frames: [(seconds: Double, path: String)], name: String,
    library: String = LibraryName.standard
  ) -> Self {
    Self(
      "InsertMediaToSearchLib",
      [
        "Frames": .array(
          frames.map {
            .object(["Timestamp": .double($0.seconds), "Image": .string($0.path)])
          }), "InputURL": .string(name), "MediaType": "video", "SearchLibName": .string(library),
      ], timeout: nil)
  }
}
