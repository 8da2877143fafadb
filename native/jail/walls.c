/* walls.c: says in the built file itself which walls it lacks: "SC_WITHOUT=0" in what is shipped, which a test reads. */
#include "jail.h"

#define TEXT(expression) #expression
#define SAY(expression) "SC_WITHOUT=" TEXT(expression)

__attribute__((used)) const char sc_walls[] = SAY(SC_WITHOUT);
