import FaceTypes
public import Imaging
public import Inference

/// Finds faces in one image at its own size: one run of YuNet, decoded and thinned out.
public struct FaceDetector: Sendable {
  private let network: Network
  private let policy: DetectionPolicy

  /// Wraps a network with YuNet's outputs.
  public init(network: Network, policy: DetectionPolicy = DetectionPolicy()) {
    self.network = network
    self.policy = policy
  }

  /// Searches an image.
  ///
  /// The network pads the image right and below with black to multiples of 32 pixels, as OpenCV
  /// does.
  ///
  /// - Parameters:
  ///   - image: At least one pixel; the time and memory taken grow with its area.
  ///   - minimumScore: The least score, in 0…1; ``DetectionPolicy/scoreThreshold`` by default.
  ///   - workspace: Keeps the network's memory from one image to the next.
  /// - Returns: The faces in the image's own pixels, the best score first.
  /// - Throws: ``ModelError``.
  public func detections(
    in image: Image, minimumScore: Float? = nil, workspace: inout Workspace
  ) throws(ModelError) -> [Detection] {
    try workspace.run(
      network, pixels: image.pixels.span, width: image.width, height: image.height)
    let decoding = DetectionDecoding(scoreThreshold: minimumScore ?? policy.scoreThreshold)
    var candidates: [Detection] = []
    for stride in AnchorPriors.strides {
      let priors = AnchorPriors(
        stride: stride, paddedWidth: AnchorPriors.padded(image.width),
        paddedHeight: AnchorPriors.padded(image.height))
      let (classes, objectness) = (DetectorOutput.classes, DetectorOutput.objectness)
      let (boxes, landmarks) = (DetectorOutput.boxes, DetectorOutput.landmarks)
      try workspace.withOutput(classes.name(stride)) { _, classes throws(ModelError) in
        try workspace.withOutput(objectness.name(stride)) { _, objectness throws(ModelError) in
          try workspace.withOutput(boxes.name(stride)) { _, boxes throws(ModelError) in
            try workspace.withOutput(landmarks.name(stride)) { _, landmarks throws(ModelError) in
              decoding.append(
                priors: priors, classes: classes, objectness: objectness, boxes: boxes,
                landmarks: landmarks, to: &candidates)
            }
          }
        }
      }
    }
    let suppression = NonMaximumSuppression(
      overlapThreshold: policy.overlapThreshold, candidateLimit: policy.candidateLimit)
    return suppression.survivors(of: candidates)
  }
}
