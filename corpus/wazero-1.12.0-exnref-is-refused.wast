;; gainsay:format 1
;; gainsay:known-bug wazero-compiler 1.12.0 trophies/wazero-1.12.0-exnref-is-refused.md
;; gainsay:known-bug wazero-interpreter 1.12.0 trophies/wazero-1.12.0-exnref-is-refused.md
;; exnref is a reference type like the others, for select (§ valid/instructions) and for
;; element segments (§ valid/modules, Element Segments).
(module $a
  (elem exnref (ref.null exn))
  (func (export "f")))
(assert_return (invoke $a "f"))
(module $b
  (func (export "f")
    (drop (select (result exnref) (ref.null exn) (ref.null exn) (i32.const 0)))))
(assert_return (invoke $b "f"))
