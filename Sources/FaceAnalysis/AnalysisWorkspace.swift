import Inference

/// The memory that an analysis needs again and again; one for each thread.
///
/// It grows to what the largest image took, which ``SearchPolicy`` bounds.
public struct AnalysisWorkspace: ~Copyable {
  /// For the detector on whole images and tiles.
  var search = Workspace()
  /// For the detector on single faces, which all have the same size.
  var closeLook = Workspace()
  var embedding = Workspace()

  public init() {}
}
