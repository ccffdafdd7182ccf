import Inference

/// The memory that an analysis needs again and again; one for each thread.
///
/// It grows to what the largest image took, which ``SearchPolicy`` bounds.
public struct AnalysisWorkspace: ~Copyable {
  /// For the detector on whole images and tiles.
  var search = Workspace()
  var closeLook = CloseLookWorkspace()
  var embedding = Workspace()
  var attributes = AttributeWorkspace()

  public init() {}
}

/// For the detector on single faces: one workspace for each size of square, since laying the memory
/// out anew at every change took 1 % of an import.
struct CloseLookWorkspace: ~Copyable {
  var small = Workspace()
  var large = Workspace()
}
