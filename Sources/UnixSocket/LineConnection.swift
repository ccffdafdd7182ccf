internal import Synchronization
internal import Glibc

/// One connection of a ``LineServer``.
///
/// Every method may be called from any thread, and none blocks.
public final class LineConnection: Sendable {
  /// Never used again by another connection of the same server.
  public let id: UInt64
  public let peer: PeerCredentials

  private let limits: LineServerLimits
  private let loop: EventLoop
  private let budget: ByteBudget
  private let link: Mutex<Link>
  /// Held while the session is called, which is why only the loop's thread may take it.
  ///
  /// So it is never contended; it shows the compiler what the loop guarantees.
  private let input: Mutex<Input>
  /// Tells the server that the connection is to be forgotten; called once, on the loop's thread.
  private let onClose: @Sendable (LineConnection) -> Void

  /// Bytes read in one turn; other connections have theirs then.
  private static let chunkSize = 65_536
  /// Lines delivered in one turn; a chunk of empty ones would keep the session busy for long.
  private static let linesPerTurn = 256

  init(
    id: UInt64, peer: PeerCredentials, descriptor: consuming FileDescriptor,
    limits: LineServerLimits, loop: EventLoop, budget: ByteBudget,
    onClose: @escaping @Sendable (LineConnection) -> Void
  ) {
    self.id = id
    self.peer = peer
    self.limits = limits
    self.loop = loop
    self.budget = budget
    self.onClose = onClose
    link = Mutex(Link(descriptor: descriptor))
    input = Mutex(Input(framer: LineFramer(limit: limits.lineBytes)))
  }

  // MARK: For sessions

  /// Sends a line, now or when the peer has read what was sent before.
  ///
  /// A peer that lets more than ``LineServerLimits/hardQueuedBytes`` pile up is disconnected.
  ///
  /// - Parameter line: without newlines; one is added.
  /// - Returns: `false` if the connection is over, or will be before the line could be sent.
  @discardableResult
  public func send(_ line: [UInt8]) -> Bool {
    assert(
      unsafe line.withUnsafeBufferPointer { unsafe firstNewline(in: $0) } == nil,
      "a line has no newline inside")
    return link.withLock { link in
      guard let number = link.descriptor?.rawValue, link.closeReason == nil,
        !link.mustCloseWhenDrained, !link.isPeerDeaf
      else { return false }
      let total = link.queue.count + line.count + 1
      guard link.queue.isEmpty || total <= limits.hardQueuedBytes else {
        requestClose(&link, .tooSlow(queuedBytes: link.queue.count))
        return false
      }
      let mayWriteNow = link.queue.isEmpty
      link.queue.append(line)
      // Mostly the socket has room, and waking the loop would only cost time.
      if mayWriteNow { flush(&link, number) }
      updateCongestion(&link)
      return link.closeReason == nil && !link.isPeerDeaf
    }
  }

  /// Bytes that the peer has not taken yet.
  public var queuedBytes: Int { link.withLock { $0.queue.count } }

  /// Whether the peer is behind by more than ``LineServerLimits/softQueuedBytes``: a good time to
  /// leave out what it can do without.
  public var isCongested: Bool { link.withLock { $0.isCongested } }

  /// Receives no more lines for now, not even those that have arrived already.
  public func pauseReading() {
    link.withLock { link in
      link.isPausedBySession = true
      updateInterest(&link)
    }
  }

  /// Goes on after ``pauseReading()``.
  public func resumeReading() {
    link.withLock { $0.isPausedBySession = false }
    loop.perform { self.continueReading() }
  }

  /// Closes once everything is sent that was given to ``send(_:)``; reads no more.
  public func closeWhenDrained() {
    closeWhenDrained(reason: .serverClosed)
  }

  /// Closes at once; what is not sent yet is lost.
  public func close() {
    link.withLock { requestClose(&$0, .serverClosed) }
  }

  // MARK: For the server, on the loop's thread

  /// Starts watching the socket.
  func open(session: any LineSession) {
    input.withLock { $0.session = session }
    link.withLock { link in
      guard let number = link.descriptor?.rawValue else { return }
      do throws(SocketError) {
        link.watch = try loop.watch(number, for: []) { [weak self] readiness in
          self?.handle(readiness)
        }
      } catch {
        requestClose(&link, .failed(error))
      }
      updateInterest(&link)
    }
  }

  /// Ends reading as if the peer had finished writing.
  func endReading() {
    let isNew = link.withLock { link in
      defer {
        link.hasReadEnded = true
        updateInterest(&link)
      }
      return !link.hasReadEnded
    }
    guard isNew else { return }
    input.withLock { input in
      dropInput(&input)
      input.session?.readEnded()
    }
  }

  func closeNow(_ reason: CloseReason) {
    link.withLock { requestClose(&$0, reason) }
  }

  private func handle(_ readiness: EventLoop.Readiness) {
    if readiness.contains(.writable), flushQueue() { continueReading() }
    if readiness.contains(.hungUp) {
      // What the peer wrote before it left is still delivered, as long as the session takes it.
      let canRead = link.withLock { link in
        if !link.isDelivering { requestClose(&link, .peerClosed) }
        return link.isReading
      }
      if canRead { read() }
    } else if readiness.contains(.readable) {
      read()
    }
  }

  /// Sends what waits; `true` if the peer has caught up, so that reading may go on.
  private func flushQueue() -> Bool {
    link.withLock { link in
      guard let number = link.descriptor?.rawValue else { return false }
      let wasCongested = link.isCongested
      flush(&link, number)
      return wasCongested && !link.isCongested
    }
  }

  /// Reads once and delivers the lines that are whole.
  private func read() {
    input.withLock { input in
      let number = link.withLock { link in
        link.isReading ? link.descriptor?.rawValue : nil
      }
      guard let number else { return }
      // The descriptor stays open: only the loop's thread closes it.
      unsafe withUnsafeTemporaryAllocation(byteCount: Self.chunkSize, alignment: 8) { buffer in
        var message = unsafe receiveMessage(from: number, into: buffer)
        if message.hasLostDescriptors { return breakRule(&input, .descriptorsLost) }
        while let descriptor = message.descriptors.take() {
          guard input.descriptors.count < limits.pendingDescriptors else {
            return breakRule(&input, .tooManyDescriptors(limit: limits.pendingDescriptors))
          }
          input.descriptors.append(descriptor)
        }
        switch message.outcome {
        case .bytes(let count):
          unsafe input.framer.append(
            UnsafeRawBufferPointer(rebasing: buffer[..<count]).bindMemory(to: UInt8.self))
          deliverLines(&input)
        case .end: finishReading(&input)
        case .wouldBlock: break
        case .failed(let code):
          link.withLock { link in
            requestClose(
              &link,
              code == ECONNRESET || code == EPIPE
                ? .peerClosed : .failed(.system(call: "recvmsg", code: code)))
          }
        }
      }
    }
  }

  /// Delivers what has been read already, then watches the socket again.
  private func continueReading() {
    link.withLock { $0.isBehind = false }
    input.withLock { deliverLines(&$0) }
    link.withLock { updateInterest(&$0) }
  }

  private func deliverLines(_ input: inout Input) {
    var count = 0
    while link.withLock({ $0.isDelivering }) {
      guard count < Self.linesPerTurn else { return postponeDelivery() }
      guard let event = input.framer.next() else { break }
      count += 1
      switch event {
      case .line(let bytes):
        releaseCharge(&input)
        if let line = ReceivedLine(bytes, budget: budget) {
          input.session?.lineReceived(line, descriptors: &input.descriptors)
        } else {
          breakRule(&input, .lineMemoryExhausted(limit: budget.limit))
        }
      case .tooLong:
        releaseCharge(&input)
        breakRule(&input, .lineTooLong(limit: limits.lineBytes))
      case .endless:
        breakRule(&input, .lineEndless(limit: limits.lineBytes))
      }
    }
    chargeUnfinishedLine(&input)
  }

  /// Lets other connections have their turn before the rest of the lines.
  private func postponeDelivery() {
    link.withLock { link in
      link.isBehind = true
      updateInterest(&link)
    }
    loop.perform { self.continueReading() }
  }

  /// Counts the unfinished line beyond the chunk that every connection may have.
  private func chargeUnfinishedLine(_ input: inout Input) {
    let extra = max(0, input.framer.bufferedCount - Self.chunkSize)
    guard extra > input.charge else { return }
    if budget.take(extra - input.charge) {
      input.charge = extra
    } else {
      input.framer.skipUnfinishedLine()
      releaseCharge(&input)
      breakRule(&input, .lineMemoryExhausted(limit: budget.limit))
    }
  }

  private func releaseCharge(_ input: inout Input) {
    budget.giveBack(input.charge)
    input.charge = 0
  }

  /// The peer writes no more: its last line may lack a newline.
  private func finishReading(_ input: inout Input) {
    if let bytes = input.framer.finish() {
      releaseCharge(&input)
      if let line = ReceivedLine(bytes, budget: budget) {
        input.session?.lineReceived(line, descriptors: &input.descriptors)
      } else {
        breakRule(&input, .lineMemoryExhausted(limit: budget.limit))
      }
    }
    dropInput(&input)
    link.withLock { link in
      link.hasReadEnded = true
      updateInterest(&link)
    }
    input.session?.readEnded()
  }

  private func breakRule(_ input: inout Input, _ violation: LineViolation) {
    input.session?.ruleBroken(violation)
    guard violation.isFatal else { return }
    dropInput(&input)
    closeWhenDrained(reason: .ruleBroken(violation))
  }

  private func dropInput(_ input: inout Input) {
    releaseCharge(&input)
    input.framer = LineFramer(limit: limits.lineBytes)
    input.descriptors.removeAll()
  }

  // MARK: With the link locked

  private func flush(_ link: inout Link, _ number: Int32) {
    switch link.queue.send(to: number) {
    case .everything:
      if link.mustCloseWhenDrained { requestClose(&link, link.plannedReason) }
    case .wouldBlock:
      break
    case .failed(EPIPE), .failed(ECONNRESET):
      // If it is gone altogether, the loop reports it, after what is left to read.
      link.isPeerDeaf = true
      link.queue = SendQueue()
      if link.mustCloseWhenDrained { requestClose(&link, .peerClosed) }
    case .failed(let code):
      requestClose(&link, .failed(.system(call: "send", code: code)))
    }
    updateCongestion(&link)
  }

  /// Stops reading above the soft limit, and goes on well below it.
  private func updateCongestion(_ link: inout Link) {
    if link.queue.count > limits.softQueuedBytes {
      link.isCongested = true
    } else if link.queue.count <= limits.softQueuedBytes / 2 {
      link.isCongested = false
    }
    updateInterest(&link)
  }

  private func closeWhenDrained(reason: CloseReason) {
    link.withLock { link in
      guard !link.mustCloseWhenDrained else { return }
      link.mustCloseWhenDrained = true
      link.plannedReason = reason
      if link.queue.isEmpty { requestClose(&link, reason) }
      updateInterest(&link)
    }
  }

  private func requestClose(_ link: inout Link, _ reason: CloseReason) {
    guard link.closeReason == nil, link.descriptor != nil else { return }
    link.closeReason = reason
    updateInterest(&link)
    loop.perform { self.tearDown() }
  }

  private func updateInterest(_ link: inout Link) {
    var interest: EventLoop.Interest = []
    if link.isReading { interest.insert(.read) }
    if !link.queue.isEmpty, link.closeReason == nil { interest.insert(.write) }
    guard interest != link.interest, let watch = link.watch else { return }
    link.interest = interest
    do throws(SocketError) {
      try loop.setInterest(interest, of: watch)
    } catch {
      requestClose(&link, .failed(error))
    }
  }

  /// Closes the socket and tells the session; on the loop's thread.
  private func tearDown() {
    let reason: CloseReason? = link.withLock { link in
      guard let descriptor = link.descriptor.take() else { return nil }
      if let watch = link.watch { loop.remove(watch) }
      link.watch = nil
      link.queue = SendQueue()
      discardUnread(from: descriptor)
      return link.closeReason
    }
    guard let reason else { return }
    let session = input.withLock { input in
      dropInput(&input)
      return input.session.take()
    }
    onClose(self)
    session?.connectionClosed(reason)
  }
}

/// Empties the socket's receive buffer as far as it is small.
///
/// The kernel turns a close with unread bytes into a reset, which can hide the last line from a
/// client that was still writing.
func discardUnread(from descriptor: borrowing FileDescriptor) {
  let number = descriptor.rawValue
  unsafe withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 8) { buffer in
    for _ in 0..<16 {
      let message = unsafe receiveMessage(from: number, into: buffer)
      guard case .bytes = message.outcome else { return }
    }
  }
}
