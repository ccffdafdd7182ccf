extension LineConnection {
  /// The socket and what is on its way out.
  struct Link: ~Copyable {
    /// `nil` once the connection is over.
    var descriptor: FileDescriptor?
    var watch: EventLoop.Watch?
    var interest: EventLoop.Interest = []
    var queue = SendQueue()
    var isPausedBySession = false
    var isCongested = false
    /// Lines that were read wait for the connection's next turn.
    var isBehind = false
    /// The peer has finished writing, or the server listens no more.
    var hasReadEnded = false
    /// The peer takes no more bytes; what it sent before is still delivered.
    var isPeerDeaf = false
    var mustCloseWhenDrained = false
    /// Why the connection is to be torn down; the loop does it.
    var closeReason: CloseReason?
    /// What the teardown will report if the connection closes as planned.
    var plannedReason = CloseReason.serverClosed

    /// Whether lines may be given to the session.
    var isDelivering: Bool {
      !isPausedBySession && !isCongested && !hasReadEnded && !mustCloseWhenDrained
        && closeReason == nil
    }

    /// Whether bytes may be read.
    var isReading: Bool { isDelivering && !isBehind }
  }

  /// What is on its way in.
  struct Input: ~Copyable {
    var session: (any LineSession)?
    var framer: LineFramer
    var descriptors = DescriptorQueue()
    /// Bytes of the unfinished line that are taken from the budget.
    var charge = 0
  }
}
