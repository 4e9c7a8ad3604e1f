SELECT 1 -- nothing: nobody whom rows could refer to comes back
