# RUN BYTE: what a run printed from a byte on, as far as it is there.
tail -c "+$2" "$f/out"
