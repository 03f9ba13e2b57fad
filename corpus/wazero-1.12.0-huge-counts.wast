;; gainsay:format 1
;; gainsay:known-bug wazero-compiler 1.12.0 trophies/wazero-1.12.0-huge-counts.md dies
;; gainsay:known-bug wazero-interpreter 1.12.0 trophies/wazero-1.12.0-huge-counts.md dies
;; A section that says it has 2^32 - 1 imports and ends there is malformed
;; (§ binary/modules, Import Section), and whoever decodes it lives on.
(assert_malformed
  (module binary "\00asm\01\00\00\00" "\02\05\ff\ff\ff\ff\0f")
  "unexpected end")
(module $a (func (export "f")))
(assert_return (invoke $a "f"))
