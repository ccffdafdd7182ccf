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
    let patches = try patches(around: faces, in: bytes)
    let found = try embedder.embeddings(
      of: patches.map { FaceAligner.crop($0.patch, $0.transform) }, workspace: &workspace.embedding)
    var embeddings = [Embedding?](repeating: nil, count: faces.count)
    for (place, embedding) in zip(patches, found) { embeddings[place.face] = embedding }
    return embeddings
  }

  /// Says of faces of an image file what the networks of attributes do, by the landmarks that they have.
  ///
  /// - Parameters:
  ///   - faces: in full-size pixels of the upright image.
  ///   - bytes: A JPEG, PNG, WebP or HEIC file.
  ///   - workspace: Memory that this call has to itself.
  /// - Returns: For each face what ``analyze(_:workspace:options:)`` would have said, but for the
  ///   sharpness; `nil` if its landmarks mean nothing.
  /// - Throws: ``ImageError`` if the file cannot be read; ``ModelError``.
  public func attributes(
    of faces: [KnownFace], in bytes: [UInt8], workspace: inout AnalysisWorkspace
  ) throws -> [FaceAttributes?] {
    let patches = try patches(around: faces, in: bytes)
    var chips: [FaceChips] = []
    for place in patches {
      chips.append(
        try estimator.chips(
          of: faces[place.face].landmarks, in: place.patch, workspace: &workspace.attributes))
    }
    let found = try estimator.attributes(of: chips, workspace: &workspace.attributes)
    var attributes = [FaceAttributes?](repeating: nil, count: faces.count)
    for (place, described) in zip(patches, found) { attributes[place.face] = described }
    return attributes
  }

  /// The pixels around the faces whose landmarks mean something.
  private func patches(
    around faces: [KnownFace], in bytes: [UInt8]
  ) throws -> [(face: Int, patch: PixelPatch, transform: SimilarityTransform)] {
    let decoded = try decoder.decode(bytes, minimumLongSide: policy.search.decodedLongSide)
    let photograph = Photograph(decoded, bytes: bytes, decoder: decoder)
    let transforms = faces.map { FaceAligner.transform($0.landmarks) }
    let pixels = try FinePixels(
      for: transforms.compactMap(\.self), of: photograph, policy: policy.alignment)
    return zip(faces, transforms).enumerated().compactMap { index, face in
      guard let transform = face.1 else { return nil }
      let box = face.0.boundingBox
      let patch = pixels.patch(for: transform).surroundings(
        of: box.center, size: max(box.width, box.height))
      return (index, patch, transform)
    }
  }

  /// Analyses the face that a thumbnail of ``analyze(_:workspace:options:)`` shows, if that is good
  /// enough: the face is found in it again, and is no less clear than it was in the image.
  ///
  /// - Parameters:
  ///   - thumbnail: A JPEG file.
  ///   - box: Of the face in the image, in any unit of length.
  ///   - obstacles: What kept the face of the image from founding a cluster.
  ///   - workspace: Memory that this call has to itself.
  /// - Returns: The face, in pixels of the thumbnail; `nil` if that does not serve.
  /// - Throws: ``ImageError`` if the thumbnail cannot be read; ``ModelError``.
  public func face(
    ofThumbnail thumbnail: [UInt8], of box: BoundingBox, obstacles: FoundingObstacles,
    workspace: inout AnalysisWorkspace
  ) throws -> Face? {
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
    return face
  }
}
