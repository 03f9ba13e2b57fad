;; gainsay:format 1
;; Objects that a local, a global, a table, an array, a passive element segment or an
;; exception refers to are what they were after megabytes of others have been made and
;; forgotten (§ exec/runtime, structure and array instances).
(module $a
  (type $node (struct (field $next (ref null $node)) (field $value i32)))
  (type $ring (struct (field $other (mut (ref null $ring))) (field $at i32)))
  (type $pair (struct (field $number i32) (field $node (ref null $node))))
  (type $row (array (mut (ref null $node))))
  (type $blob (array (mut i64)))
  (tag $e (param (ref null $node)))
  (global $kept (mut (ref null $node)) (ref.null $node))
  (global $any (mut anyref) (ref.null any))
  (table $nodes 3 (ref null $node))
  (table $exceptions 2 exnref)
  (elem $segment (ref $node) (item (struct.new $node (ref.null $node) (i32.const 77))))

  ;; About 2 MB.
  (func $litter (local $n i32)
    (loop $more
      (drop (array.new $blob (i64.const -1) (i32.const 16)))
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $more (i32.lt_u (local.get $n) (i32.const 15000)))))

  ;; Nodes with the values 1, 2 ... n - 1 and n + 1, and as much that is forgotten between them.
  (func $list (param $n i32) (result (ref null $node)) (local $list (ref null $node))
    (loop $more
      (drop (array.new_default $blob (i32.const 4)))
      (local.set $list
        (struct.new $node
          (local.get $list)
          (i32.add (ref.is_null (local.get $list)) (local.get $n))))
      (br_if $more (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (local.get $list))

  (func $sum (param $list (ref null $node)) (result i32) (local $sum i32)
    (block $done
      (loop $more
        (br_if $done (ref.is_null (local.get $list)))
        (local.set $sum
          (i32.add
            (i32.mul (local.get $sum) (i32.const 3))
            (struct.get $node $value (local.get $list))))
        (local.set $list (struct.get $node $next (local.get $list)))
        (br $more)))
    (local.get $sum))

  (func (export "local") (result i32) (local $list (ref null $node))
    (local.set $list (call $list (i32.const 500)))
    (call $litter)
    (call $sum (local.get $list)))

  (func (export "operand") (result i32)
    (call $list (i32.const 500))
    (call $litter)
    (call $sum))

  (func (export "global") (result i32)
    (global.set $kept (call $list (i32.const 500)))
    (call $litter)
    (call $sum (global.get $kept)))

  (func (export "table") (result i32)
    (table.set $nodes (i32.const 2) (call $list (i32.const 500)))
    (call $litter)
    (call $sum (table.get $nodes (i32.const 2))))

  (func (export "array") (result i32) (local $row (ref null $row))
    (local.set $row (array.new_default $row (i32.const 20)))
    (array.set $row (local.get $row) (i32.const 19) (call $list (i32.const 500)))
    (array.set $row (local.get $row) (i32.const 0) (call $list (i32.const 3)))
    (global.set $any (local.get $row))
    (local.set $row (ref.null $row))
    (call $litter)
    (local.set $row (ref.cast (ref $row) (global.get $any)))
    (i32.sub
      (call $sum (array.get $row (local.get $row) (i32.const 19)))
      (call $sum (array.get $row (local.get $row) (i32.const 0)))))

  (func (export "segment") (result i32)
    (call $litter)
    (table.init $nodes $segment (i32.const 0) (i32.const 0) (i32.const 1))
    (struct.get $node $value (table.get $nodes (i32.const 0))))

  ;; Three that refer to each other in a ring.
  (func (export "ring") (result i32) (local $one (ref null $ring)) (local $two (ref null $ring))
    (local.set $one (struct.new $ring (ref.null $ring) (i32.const 3)))
    (struct.set $ring $other (local.get $one) (local.get $one))
    (local.set $two (struct.new $ring (local.get $one) (i32.const 5)))
    (local.set $one (struct.new $ring (local.get $two) (i32.const 7)))
    (struct.set $ring $other (struct.get $ring $other (local.get $two)) (local.get $one))
    (local.set $two (ref.null $ring))
    (call $litter)
    (i32.mul
      (struct.get $ring $at (struct.get $ring $other (local.get $one)))
      (struct.get $ring $at
        (struct.get $ring $other
          (struct.get $ring $other (struct.get $ring $other (local.get $one)))))))

  ;; What an object is made of is only on the operand stack when room for it is needed.
  (func (export "parts") (result i32) (local $n i32) (local $row (ref null $row))
    (loop $more
      (if
        (i32.ne
          (local.get $n)
          (struct.get $node $value
            (struct.get $node $next
              (struct.new $node
                (struct.new $node (ref.null $node) (local.get $n))
                (i32.const -1)))))
        (then (unreachable)))
      (local.set $row
        (array.new_fixed $row 3
          (struct.new $node (ref.null $node) (local.get $n))
          (ref.null $node)
          (struct.new $node (ref.null $node) (i32.mul (local.get $n) (local.get $n)))))
      (if
        (i32.ne
          (struct.get $node $value (array.get $row (local.get $row) (i32.const 2)))
          (i32.mul (local.get $n)
            (struct.get $node $value (array.get $row (local.get $row) (i32.const 0)))))
        (then (unreachable)))
      (local.set $row
        (array.new $row (struct.new $node (ref.null $node) (local.get $n)) (i32.const 5)))
      (if
        (i32.ne
          (local.get $n)
          (struct.get $node $value (array.get $row (local.get $row) (i32.const 4))))
        (then (unreachable)))
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $more (i32.lt_u (local.get $n) (i32.const 12000))))
    (local.get $n))

  ;; The same behind an operand that is no reference.
  (func (export "second parts") (result i32) (local $n i32)
    (loop $more
      (if
        (i32.ne
          (local.get $n)
          (struct.get $node $value
            (struct.get $pair $node
              (struct.new $pair
                (local.get $n)
                (struct.new $node (ref.null $node) (local.get $n))))))
        (then (unreachable)))
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $more (i32.lt_u (local.get $n) (i32.const 50000))))
    (local.get $n))

  ;; An array of many parts, of which the last was made last.
  (func (export "many parts") (result i32) (local $n i32)
    (loop $more
      (if
        (i32.ne
          (local.get $n)
          (struct.get $node $value
            (array.get $row
              (array.new_fixed $row 12
                (ref.null $node) (ref.null $node) (ref.null $node) (ref.null $node)
                (ref.null $node) (ref.null $node) (ref.null $node) (ref.null $node)
                (ref.null $node) (ref.null $node) (ref.null $node)
                (struct.new $node (ref.null $node) (local.get $n)))
              (i32.const 11))))
        (then (unreachable)))
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $more (i32.lt_u (local.get $n) (i32.const 15000))))
    (local.get $n))

  ;; Its value is kept as well; and another exception for each that is forgotten.
  (func (export "exception") (result i32) (local $n i32)
    (loop $more
      (if
        (i32.eq (local.get $n) (i32.const 5000))
        (then (table.set $exceptions (i32.const 1) (call $caught (call $list (i32.const 500))))))
      (drop (call $caught (ref.null $node)))
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $more (i32.lt_u (local.get $n) (i32.const 32000))))
    (call $litter)
    (block $thrown (result (ref null $node))
      (try_table (catch $e $thrown)
        (throw_ref (table.get $exceptions (i32.const 1))))
      (unreachable))
    (call $sum))

  (func $caught (param $node (ref null $node)) (result exnref)
    (block $thrown (result exnref)
      (try_table (catch_all_ref $thrown) (throw $e (local.get $node)))
      (unreachable))))
(assert_return (invoke $a "local") (i32.const 1776510163))
(assert_return (invoke $a "operand") (i32.const 1776510163))
(assert_return (invoke $a "global") (i32.const 1776510163))
(assert_return (invoke $a "table") (i32.const 1776510163))
(assert_return (invoke $a "array") (i32.const 1776510144))
(assert_return (invoke $a "segment") (i32.const 77))
(assert_return (invoke $a "exception") (i32.const 1776510163))
(assert_return (invoke $a "ring") (i32.const 35))
(assert_return (invoke $a "parts") (i32.const 12000))
(assert_return (invoke $a "second parts") (i32.const 50000))
(assert_return (invoke $a "many parts") (i32.const 15000))
