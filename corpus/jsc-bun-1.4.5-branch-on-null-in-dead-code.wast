;; JavaScriptCore in bun 1.4.5 (WebKit d6375c72) rejects br_on_null, br_on_non_null, br_on_cast and
;; br_on_cast_fail in unreachable code when the label is beyond a block that is unreachable itself:
;; "br / br_if's target 2 exceeds control stack size 2". It does not count such blocks. Label 2 is the
;; function's, which is in the context as for any other branch (§ valid/instructions, br_on_null;
;; § appendix/algorithm: blocks in unreachable code are pushed too). br, br_if and br_table are right.
(module
  (func (export "f") (result i32)
    (block $outer
      (br $outer)
      (block (drop (br_on_null $outer (ref.null func))))
      (block (drop (br_on_null 1 (ref.null func)))))
    (i32.const 1))
  (func (export "g")
    (block unreachable (block (drop (br_on_null 2 (ref.null func)))))))
(assert_return (invoke "f") (i32.const 1))
(assert_trap (invoke "g") "unreachable")
