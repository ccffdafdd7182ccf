/// Answers the requests of threads that ask at the same time in one pass.
///
/// Whoever finds nobody at work begins at once, with all who wait; who comes meanwhile waits for the
/// next pass. So a lone request waits for nobody, and any other for less than two passes.
///
/// `@unchecked Sendable`: `condition` protects every field, and those of the tickets.
public final class SharedPass<Request: Sendable, Answer: Sendable>: @unchecked Sendable {
  private final class Ticket {
    let request: Request
    var answer: Answer?
    init(_ request: Request) { self.request = request }
  }

  private let condition = Condition()
  private let limit: Int
  private var waiting: [Ticket] = []
  private var isUnderWay = false

  /// - Parameter limit: of the requests that one pass answers.
  public init(limit: Int) {
    precondition(limit > 0, "a pass answers something")
    self.limit = limit
  }

  /// Waits for the answer to a request.
  ///
  /// - Parameters:
  ///   - request: what is asked.
  ///   - pass: answers requests, in their order. One thread's is called for the requests of all, after
  ///     everybody whom it answers has asked.
  /// - Returns: what the pass answered to this request.
  public func answer(_ request: Request, _ pass: ([Request]) -> [Answer]) -> Answer {
    let own = Ticket(request)
    condition.withLock { waiting.append(own) }
    while true {
      switch next(own) {
      case .answered(let answer): return answer
      case .work(let tickets):
        let answers = pass(tickets.map(\.request))
        precondition(answers.count == tickets.count, "a pass answers every request")
        condition.withLock {
          for (ticket, answer) in zip(tickets, answers) { ticket.answer = answer }
          isUnderWay = false
          condition.wakeAll()
        }
      }
    }
  }

  private enum Step {
    case answered(Answer)
    case work([Ticket])
  }

  /// Waits until a request is answered, or nobody is at work on any.
  private func next(_ own: Ticket) -> Step {
    condition.withLock {
      while true {
        if let answer = own.answer { return .answered(answer) }
        if !isUnderWay {
          isUnderWay = true
          let tickets = Array(waiting.prefix(limit))
          waiting.removeFirst(tickets.count)
          return .work(tickets)
        }
        condition.wait()
      }
    }
  }
}
