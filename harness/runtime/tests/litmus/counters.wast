;; Counters: no addition is lost, and none spills into the bytes beside it.
(module $Mem (memory (export "shared") 1 1 shared))
(register "mem" $Mem)

(thread $T1 (shared (module $Mem))
  (register "mem" $Mem)
  (module
    (memory (import "mem" "shared") 1 1 shared)
    (func (export "run") (local $i i32)
      ;; Begin together.
      (drop (i32.atomic.rmw.add (i32.const 65528) (i32.const 1)))
      (loop $begin (br_if $begin (i32.ne (i32.atomic.load (i32.const 65528)) (i32.const 2))))
      (loop $rounds
        (drop (i32.atomic.rmw8.add_u offset=0 (i32.const 3) (i32.const 1)))
        (drop (i64.atomic.rmw.add offset=8 (i32.const 0) (i64.const 1)))
        (local.set $i (i32.add (local.get $i) (i32.const 16)))
        (br_if $rounds (i32.lt_u (local.get $i) (i32.const 16384))))))
  (assert_return (invoke "run")))

(thread $T2 (shared (module $Mem))
  (register "mem" $Mem)
  (module
    (memory (import "mem" "shared") 1 1 shared)
    (func (export "run") (local $i i32)
      ;; Begin together.
      (drop (i32.atomic.rmw.add (i32.const 65528) (i32.const 1)))
      (loop $begin (br_if $begin (i32.ne (i32.atomic.load (i32.const 65528)) (i32.const 2))))
      (loop $rounds
        (drop (i32.atomic.rmw8.add_u offset=0 (i32.const 3) (i32.const 1)))
        (drop (i64.atomic.rmw.add offset=8 (i32.const 0) (i64.const 1)))
        (local.set $i (i32.add (local.get $i) (i32.const 16)))
        (br_if $rounds (i32.lt_u (local.get $i) (i32.const 16384))))))
  (assert_return (invoke "run")))

(wait $T1)
(wait $T2)

(module
  (memory (import "mem" "shared") 1 1 shared)
  (func (export "word") (result i32) (i32.load (i32.const 0)))
  (func (export "count") (result i64) (i64.load (i32.const 8))))
;; 2048 is a multiple of 256.
(assert_return (invoke "word") (i32.const 0))
(assert_return (invoke "count") (i64.const 2048))
