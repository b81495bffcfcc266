import './access-state.ts';
import './machine-look.ts';
