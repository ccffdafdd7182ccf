// Compiled once for each processor level; VectorShape.swift is what differs. Nothing here may be
// generic or inlinable: such code could be emitted once for all levels, by whichever came first.

/// Output channels in a panel of dense convolution weights.
public let channelsPerPanel = 2 * Vector.scalarCount

/// Output channels in a panel of fully connected weights.
public let channelsPerFullyConnectedPanel = 8 * Vector.scalarCount

/// Lanes of one vector register.
public let lanes = Vector.scalarCount

/// The pixels that one tile of the dense convolution takes.
@inline(__always) var tileRows: Int { partsPerTile * partRows }

@inline(__always) func load(_ pointer: UnsafePointer<Float>) -> Vector {
  unsafe UnsafeRawPointer(pointer).loadUnaligned(as: Vector.self)
}

@inline(__always) func store(_ vector: Vector, _ pointer: UnsafeMutablePointer<Float>) {
  unsafe UnsafeMutableRawPointer(pointer).storeBytes(of: vector, as: Vector.self)
}

/// A leaky rectifier with one slope a lane; also ReLU (slope 0) and nothing at all (slope 1).
@inline(__always) func activate(_ x: Vector, _ slope: Vector) -> Vector {
  x.replacing(with: x * slope, where: x .< Vector(repeating: 0))
}

/// The larger number of each lane.
@inline(__always) func largest(_ a: Vector, _ b: Vector) -> Vector {
  a.replacing(with: b, where: b .> a)
}

/// The smaller number of each lane.
@inline(__always) func smallest(_ a: Vector, _ b: Vector) -> Vector {
  a.replacing(with: b, where: b .< a)
}
