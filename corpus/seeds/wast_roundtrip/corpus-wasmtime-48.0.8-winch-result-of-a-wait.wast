;; gainsay:format 1
;; gainsay:known-bug wasmtime-winch 48.0.8 trophies/wasmtime-48.0.8-winch-result-of-a-wait.md
;; What a wait returns, between two other results (threads proposal,
;; § exec/instructions, memory.atomic.wait).
(module $a
  (memory 1 1 shared)
  (func (export "wait") (result i32 i32 i32)
    (i32.load (i32.const 0))
    (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 0))
    (i32.const 5)))
(assert_return (invoke $a "wait") (i32.const 0) (i32.const 2) (i32.const 5))
