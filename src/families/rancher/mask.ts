/** What stands in place of a secret where others read. Its length says nothing. */
export const mask = '••••••••';
