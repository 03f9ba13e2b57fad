;; Tasks of threads that share a memory. The counter is at 0; the address on which a thread
;; waits is its argument.
(module
  (import "env" "memory" (memory 1 2 shared))
  (func (export "add") (param i32) (result i32) (local $left i32)
    (local.set $left (i32.const 100))
    (loop $again
      (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (i32.const 100))
  (func (export "wait") (param i32) (result i32)
    (memory.atomic.wait32 (local.get 0) (i32.const 0) (i64.const -1)))
  (func (export "notify") (param i32) (result i32)
    (memory.atomic.notify (local.get 0) (i32.const 1)))
  (func (export "trap") (param i32) (result i32) (unreachable))
  (func (export "read") (param i32) (result i32) (i32.atomic.load (local.get 0))))
