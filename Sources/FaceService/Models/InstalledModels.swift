internal import Clustering
internal import Configuration
internal import EventLog
internal import FaceAnalysis
internal import FaceStore
internal import FaceTypes
internal import Imaging
internal import Inference
internal import Kernels
internal import Synchronization

/// A model that is ready to be used.
struct LoadedModel: Sendable {
  let bundle: ModelBundle
  let analyzer: FaceAnalyzer
  /// What is said of faces of videos, whose frames are seen once.
  let videoAttributes: [AttributeKind: ModelFingerprint]

  var fingerprint: ModelFingerprint { bundle.fingerprint }
  /// How many numbers an embedding has.
  var dimension: Int { bundle.embedder.outputs[0].channels }
  var model: FaceLibraries.Model {
    .init(
      fingerprint: fingerprint, dimension: dimension, attributes: bundle.attributes.fingerprints,
      videoAttributes: videoAttributes)
  }
}

/// The models on this machine: the one that the configuration names, and the one before, from which
/// a library can change to it.
///
/// Only what is used is loaded: the model in use, and while a change is prepared the other one.
final class InstalledModels: Sendable {
  /// A directory with a manifest.
  struct Installation: Hashable, Sendable {
    let directory: String
    let fingerprint: ModelFingerprint
  }

  /// The one of the configuration first.
  let installations: [Installation]
  private let policy: AnalysisPolicy
  private let decoder: ImageDecoder
  private let level: ProcessorLevel
  private let allowsIntegers: Bool
  /// What is to be said of faces besides whose they are, as far as there are networks for it, with
  /// all that their answers depend on.
  let attributeFingerprints: [AttributeKind: ModelFingerprint]
  /// Whether that is found out with each analysis, rather than later.
  let describesAtOnce: Bool
  private let attributeNetworks: AttributeNetworksOnDemand
  private let log: Log
  private let state = Mutex(State())

  private struct State {
    var inUse: LoadedModel?
    var loaded: [ModelFingerprint: LoadedModel] = [:]
  }

  /// Reads what is installed; ``choose(for:)`` loads the model to use.
  ///
  /// - Parameters:
  ///   - configuration: names the directories.
  ///   - decoder: reads images for the analyses.
  ///   - level: the best instructions that networks may use.
  ///   - log: where a directory that cannot be used is reported.
  /// - Throws: ``ModelBundleError`` if the configuration's own model cannot be used.
  init(
    _ configuration: DaemonConfiguration, decoder: ImageDecoder, level: ProcessorLevel, log: Log
  ) throws {
    policy = AnalysisPolicy(configuration)
    self.decoder = decoder
    self.level = level
    allowsIntegers = configuration.analysis.precision == .auto
    describesAtOnce = configuration.attributes.time == .atOnce
    self.log = log
    let directory = configuration.service.modelsDirectory
    attributeFingerprints = try AttributeNetworks.fingerprints(
      directory: directory, wanted: configuration.attributes.wanted)
    attributeNetworks = AttributeNetworksOnDemand(
      directory: directory, wanted: Set(attributeFingerprints.keys), level: level)
    var found = [
      Installation(
        directory: directory, fingerprint: try ModelFiles.fingerprint(directory: directory))
    ]
    let named = configuration.service.previousModelsDirectory
    let previous = named.isEmpty ? directory.withoutTrailingSlashes + "-previous" : named
    do {
      let fingerprint = try ModelFiles.fingerprint(directory: previous)
      if fingerprint != found[0].fingerprint {
        found.append(Installation(directory: previous, fingerprint: fingerprint))
      }
    } catch {
      // Most machines have none; one that was asked for is missed.
      if !named.isEmpty { log.warning("previous models not usable", ["error": "\(error)"]) }
    }
    installations = found
  }

  /// Loads the model that a store's faces are compared by: the one in use, as long as it is
  /// installed; else the one that the configuration names.
  func choose(for store: FaceStore) throws -> LoadedModel {
    let wanted = try store.read { try $0.modelInUse() ?? $0.mostUsedModel() }
    let chosen =
      installations.first { $0.fingerprint == wanted }?.fingerprint
      ?? installations[0].fingerprint
    let model = try load(chosen)
    try store.write { try $0.setModelInUse(chosen, dimension: model.dimension) }
    use(model)
    return model
  }

  /// The model in use.
  ///
  /// - Precondition: one was chosen.
  var inUse: LoadedModel {
    guard let model = state.withLock(\.inUse) else { preconditionFailure("no model was chosen") }
    return model
  }

  /// From now on this model is in use.
  func use(_ model: LoadedModel) { state.withLock { $0.inUse = model } }

  func isInstalled(_ fingerprint: ModelFingerprint) -> Bool {
    installations.contains { $0.fingerprint == fingerprint }
  }

  /// A model that is installed, loaded when it is first asked for.
  ///
  /// - Throws: ``ModelNotInstalled``, ``UnsuitableModel`` or ``ModelBundleError``.
  func load(_ fingerprint: ModelFingerprint) throws -> LoadedModel {
    if let model = state.withLock({ $0.loaded[fingerprint] }) { return model }
    guard let place = installations.first(where: { $0.fingerprint == fingerprint }) else {
      throw ModelNotInstalled(fingerprint: fingerprint)
    }
    let bundle = try ModelBundle.load(
      directory: place.directory,
      attributes: describesAtOnce ? attributeNetworks.networks() : .none,
      level: level, allowsIntegers: allowsIntegers, log: log)
    let model = LoadedModel(
      bundle: bundle, analyzer: FaceAnalyzer(bundle: bundle, policy: policy, decoder: decoder),
      videoAttributes: attributeFingerprints)
    let expected = ClusteringPolicy().center.count
    guard model.dimension == expected else {
      throw UnsuitableModel(dimension: model.dimension, expected: expected)
    }
    state.withLock { $0.loaded[fingerprint] = model }
    return model
  }

  /// The analyser of the model in use, which also asks the networks of attributes.
  ///
  /// - Throws: ``ModelBundleError`` if one of them cannot be used.
  func describer() throws -> FaceAnalyzer {
    inUse.analyzer.asking(try attributeNetworks.networks())
  }

  /// The analyser of the model in use, which asks no networks of attributes.
  var recognizer: FaceAnalyzer { inUse.analyzer.asking(.none) }

  /// Lends ``describer()`` to an analysis that may take long; if one of the networks cannot be used,
  /// ``recognizer``.
  ///
  /// - Parameter body: The analysis.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws.
  func withDescriber<Result>(_ body: (FaceAnalyzer) throws -> Result) throws -> Result {
    do {
      return try attributeNetworks.lend { try body(inUse.analyzer.asking($0)) }
    } catch let error as ModelBundleError {
      log.error("attributes of faces remain unknown", ["error": "\(error)"])
      return try body(recognizer)
    }
  }

  /// Lets go of the networks of attributes if nobody has asked for them lately, unless every analysis
  /// asks them; never waits.
  func forgetUnusedDescriber() {
    if !describesAtOnce { attributeNetworks.forgetIfUnused() }
  }

  /// Lets go of every model but the one in use.
  func unloadOthers() {
    state.withLock { state in
      let inUse = state.inUse?.fingerprint
      state.loaded = state.loaded.filter { $0.key == inUse }
    }
  }
}

/// A model is asked for that is not there.
struct ModelNotInstalled: Error, CustomStringConvertible {
  let fingerprint: ModelFingerprint

  var description: String { "the model \(fingerprint.hexadecimal.prefix(12))… is not installed" }
}

/// A model's embeddings are of another kind than clustering was fitted to.
struct UnsuitableModel: Error, CustomStringConvertible {
  let dimension: Int
  let expected: Int

  var description: String {
    "the model's embeddings have \(dimension) numbers; this release groups those of \(expected)"
  }
}

extension String {
  fileprivate var withoutTrailingSlashes: String {
    var text = self[...]
    while text.count > 1, text.hasSuffix("/") { text = text.dropLast() }
    return String(text)
  }
}
