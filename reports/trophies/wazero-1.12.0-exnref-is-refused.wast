;; wazero 1.12.0 refuses both uses of exnref (§ valid/instructions, select; § valid/modules,
;; Element Segments).
(module
  (elem exnref (ref.null exn))
  (func (export "f")
    (drop (select (result exnref) (ref.null exn) (ref.null exn) (i32.const 0)))))
(assert_return (invoke "f"))
