public import FaceTypes
import Imaging

// Faces that were found before, perhaps by another model: where they are is known, so they are
// only aligned and embedded.

/// Where a face is in an image, in full-size pixels.
public struct KnownFace: Sendable, Equatable {
  public let boundingBox: BoundingBox
  public let landmarks: Landmarks

  public init(boundingBox: BoundingBox, landmarks: Landmarks) {
    self.boundingBox = boundingBox
    self.landmarks = landmarks
  }
}

extension FaceAnalyzer {
  /// Embeds faces of an image file by the landmarks that they have.
  ///
  /// The crops are those that ``analyze(_:workspace:options:)`` made when it found the landmarks, so
  /// that no face is lost or confused with its neighbour.
  ///
  /// - Parameters:
  ///   - faces: in full-size pixels of the upright image.
  ///   - bytes: A JPEG, PNG, WebP or HEIC file.
  ///   - workspace: Memory that this call has to itself.
  /// - Returns: For each face its embedding; `nil` if its landmarks or its embedding mean nothing.
  /// - Throws: ``ImageError`` if the file cannot be read; ``ModelError``.
  public func embeddings(
    of faces: [KnownFace], in bytes: [UInt8], workspace: inout AnalysisWorkspace
  ) throws -> [Embedding?] {
    let decoded = try decoder.decode(bytes, minimumLongSide: policy.search.decodedLongSide)
    let photograph = Photograph(decoded, bytes: bytes, decoder: decoder)
    let transforms = faces.map { FaceAligner.transform($0.landmarks) }
    let pixels = try FinePixels(
      for: transforms.compactMap(\.self), of: photograph, policy: policy.alignment)
    var aligned: [(face: Int, crop: Image)] = []
    for (index, (face, transform)) in zip(faces, transforms).enumerated() {
      guard let transform else { continue }
      let box = face.boundingBox
      let patch = pixels.patch(for: transform).surroundings(
        of: box.center, size: max(box.width, box.height))
      aligned.append((index, FaceAligner.crop(patch, transform)))
    }
    var embeddings = [Embedding?](repeating: nil, count: faces.count)
    let found = try embedder.embeddings(
      of: aligned.map(\.crop), workspace: &workspace.embedding)
    for ((face, _), embedding) in zip(aligned, found) { embeddings[face] = embedding }
    return embeddings
  }

  /// Embeds the face that a thumbnail of ``analyze(_:workspace:options:)`` shows, if that is good
  /// enough: the face is found in it again, and is no less clear than it was in the image.
  ///
  /// - Parameters:
  ///   - thumbnail: A JPEG file.
  ///   - box: Of the face in the image, in any unit of length.
  ///   - obstacles: What kept the face of the image from founding a cluster.
  ///   - workspace: Memory that this call has to itself.
  /// - Returns: The embedding; `nil` if the thumbnail does not serve.
  /// - Throws: ``ImageError`` if the thumbnail cannot be read; ``ModelError``.
  public func embedding(
    ofThumbnail thumbnail: [UInt8], of box: BoundingBox, obstacles: FoundingObstacles,
    workspace: inout AnalysisWorkspace
  ) throws -> Embedding? {
    let analysis = try analyze(thumbnail, workspace: &workspace)
    let side = Float(min(analysis.info.width, analysis.info.height))
    // In the middle, unless the thumbnail was moved to stay within the image.
    let scale = side / (policy.thumbnail.enlargement * max(box.width, box.height))
    let expected = BoundingBox(
      x: (side - box.width * scale) / 2, y: (side - box.height * scale) / 2,
      width: box.width * scale, height: box.height * scale)
    let found = analysis.faces.map(\.face)
    let pairs = BoundingBox.pairs([expected], found.map(\.boundingBox))
    guard let face = pairs.first.map({ found[$0.new] }),
      // The thumbnail's edge cuts nothing that the image shows.
      face.quality.obstacles.subtracting(.truncated).isSubset(of: obstacles)
    else { return nil }
    return face.embedding
  }
}
