/// A fixed number of threads of our own that take jobs in the order in which they came.
///
/// Blocking work (decoding, disk, waiting for another thread) belongs here and never on Swift's
/// cooperative pool.
public final class WorkerPool: Sendable {
  private let jobs = BlockingQueue<@Sendable () -> Void>(capacity: .max)

  public init(name: String, threads count: Int) {
    for number in 1...count {
      startThread(named: "\(name)-\(number)") { [jobs] in
        while let job = jobs.take() { job() }
      }
    }
  }

  /// Jobs that no thread has taken yet.
  public var backlog: Int { jobs.count }

  /// Queues `job`; it is dropped if the pool has stopped.
  public func submit(_ job: @escaping @Sendable () -> Void) { _ = jobs.put(job) }

  /// Lets the threads end after the jobs that are queued.
  public func stop() { jobs.close() }
}
