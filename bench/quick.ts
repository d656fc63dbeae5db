/** Whether a measurement only shows that it runs (`-- --quick`): everything once, guests compiled without optimizing. Its numbers say nothing. */
export const quick = process.argv.includes('--quick');
