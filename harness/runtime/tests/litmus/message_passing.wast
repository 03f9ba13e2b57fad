;; Message passing: who sees the flag sees what was written before it.
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
        (i32.store offset=0 (local.get $i) (i32.const 42))
        (i32.atomic.store offset=4 (local.get $i) (i32.const 1))
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
        (i32.store offset=8 (local.get $i) (i32.atomic.load offset=4 (local.get $i)))
        (i32.store offset=12 (local.get $i) (i32.load offset=0 (local.get $i)))
        (local.set $i (i32.add (local.get $i) (i32.const 16)))
        (br_if $rounds (i32.lt_u (local.get $i) (i32.const 16384))))))
  (assert_return (invoke "run")))

(wait $T1)
(wait $T2)

;; How many of the 1024 rounds ended as none may.
(module
  (memory (import "mem" "shared") 1 1 shared)
  (func (export "forbidden") (result i32) (local $i i32) (local $count i32)
    (loop $rounds
      (local.set $count (i32.add (local.get $count)
        (i32.and (i32.eq (i32.load offset=8 (local.get $i)) (i32.const 1)) (i32.ne (i32.load offset=12 (local.get $i)) (i32.const 42)))))
      (local.set $i (i32.add (local.get $i) (i32.const 16)))
      (br_if $rounds (i32.lt_u (local.get $i) (i32.const 16384))))
    (local.get $count)))
(assert_return (invoke "forbidden") (i32.const 0))
