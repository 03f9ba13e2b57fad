;; gainsay:format 1
;; A type section of five bytes that announces 2^32 - 1 types (§ binary/conventions,
;; vectors): refused at once, without making room for them.
(assert_malformed
  (module binary "\00asm" "\01\00\00\00" "\01\05\ff\ff\ff\ff\0f")
  "")
;; And the next module is none the worse for it.
(module $after (func (export "f") (result i32) (i32.const 7)))
(assert_return (invoke $after "f") (i32.const 7))
