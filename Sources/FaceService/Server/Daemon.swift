public import Configuration
public import EventLog
internal import FoundationEssentials
internal import Glibc
internal import Systemd
internal import Threading
internal import UnixSocket
internal import WireProtocol

/// The running daemon: the service behind its socket, until a signal ends it.
public final class Daemon: Sendable {
  /// How often, at most, the watchdog's own request may fail before the daemon counts as stuck.
  private static let statusInterval = Duration.seconds(5)
  /// How long analyses that were interrupted may take to save how far they have come.
  private static let savingTime = Duration.seconds(5)

  private let service: Service
  private let server: LineServer
  private let loop: EventLoop
  private let log: Log
  private let readConfiguration: @Sendable () throws -> DaemonConfiguration
  private let manager = ServiceManager()

  /// Opens state, models and socket.
  ///
  /// - Parameters:
  ///   - configuration: what to start with.
  ///   - log: where events go.
  ///   - readConfiguration: reads it again on SIGHUP.
  /// - Throws: an error whose description an admin can act on.
  public init(
    configuration: DaemonConfiguration, log: Log,
    readConfiguration: @escaping @Sendable () throws -> DaemonConfiguration
  ) throws {
    self.log = log
    self.readConfiguration = readConfiguration
    loop = try EventLoop()
    service = try Service(configuration: configuration, log: log)
    let bounds = configuration.limits
    server = LineServer(
      listener: try Self.listener(configuration.service), service: SocketService(service),
      limits: LineServerLimits(
        connections: bounds.connections, connectionsPerUser: bounds.connectionsPerUser,
        lineBytes: bounds.lineBytes, totalLineBytes: bounds.totalLineBytes,
        hardQueuedBytes: bounds.sendQueueBytes),
      loop: loop)
  }

  /// The socket that systemd passes, or one of our own.
  private static func listener(_ settings: DaemonConfiguration.Service) throws -> Listener {
    if let passed = try SocketActivation.takeSockets().first {
      return try Listener(adopting: FileDescriptor(owning: passed.descriptor))
    }
    let folder = settings.socketPath.split(separator: "/").dropLast().joined(separator: "/")
    if !folder.isEmpty { _ = unsafe mkdir("/" + folder, 0o755) }
    return try Listener.bind(
      path: settings.socketPath, mode: UInt32(settings.socketMode),
      group: settings.socketGroup.isEmpty ? nil : groupID(named: settings.socketGroup))
  }

  /// Serves until SIGTERM or SIGINT; SIGHUP reads the configuration again.
  ///
  /// - Precondition: these signals were blocked before any thread was started.
  public func run() throws {
    let signals = try SignalWatch([SIGTERM, SIGINT, SIGHUP], on: loop) { [self] signal in
      if signal == SIGHUP { reload() } else { stop() }
    }
    try service.start()
    try server.start()
    startWatchdog()
    manager.ready(status: "Ready")
    log.notice("ready", ["version": Service.version, "pid": getpid()])
    _ = loop.schedule(every: Self.statusInterval) { [self] in tellStatus() }
    loop.run()
    service.finish(within: Self.savingTime)
    withExtendedLifetime(signals) {}
    log.notice("stopped")
  }

  /// Takes in nothing more, lets answers out, and ends the loop within the time there is.
  private func stop() {
    log.notice("stopping")
    manager.stopping()
    service.stop()
    server.stop(within: service.configuration.service.stopTimeout) { [loop] in loop.stop() }
  }

  private func reload() {
    manager.reloading()
    do {
      let configuration = try readConfiguration()
      let changed = configuration.changedSettings(from: service.configuration)
      service.reload(configuration)
      log.level = Log.Level(configuration.service.logLevel)
      log.notice("configuration reloaded", ["changed": changed.joined(separator: ",")])
      manager.ready(status: "Ready")
    } catch {
      log.error("configuration not reloaded; the old one stays", ["error": "\(error)"])
      manager.ready(status: "Ready; the new configuration has errors")
    }
  }

  private func tellStatus() {
    service.finishErasureIfIdle()
    service.settleIfIdle()
    service.saveIndexesIfIdle()
    service.describeIfIdle()
    service.installedModels.forgetUnusedDescriber()
    guard let sentence = service.activity else { return manager.status("Ready") }
    manager.status(sentence)
  }

  /// Feeds the watchdog after a request has gone the whole way through the request threads and the
  /// store, so that it starves when they are stuck.
  private func startWatchdog() {
    guard let interval = manager.watchdogInterval else { return }
    _ = loop.schedule(every: interval) { [self] in
      service.checkHealth { [manager] in manager.keepAlive() }
    }
  }
}

extension Log.Level {
  /// The level of the configuration.
  public init(_ level: DaemonConfiguration.LogLevel) {
    switch level {
    case .error: self = .error
    case .warning: self = .warning
    case .notice: self = .notice
    case .info: self = .info
    case .debug: self = .debug
    }
  }
}
