import FaceAnalysis
import Imaging

/// The models and everything found in the example library, loaded once for all tests.
enum SharedAnalysis {
  static let bundle = Result { try ModelBundle(directory: ProjectFiles.models) }

  static let library = Result { () throws -> [String: ImageAnalysis] in
    let analyzer = FaceAnalyzer(bundle: try bundle.get())
    var workspace = AnalysisWorkspace()
    var analyses: [String: ImageAnalysis] = [:]
    for name in try LibraryLabels().names {
      analyses[name] = try analyzer.analyze(
        ProjectFiles.photo(name), workspace: &workspace, options: AnalysisOptions(thumbnails: true))
    }
    return analyses
  }
}
